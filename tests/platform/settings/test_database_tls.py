"""TLS on the way to PostgreSQL: who is trusted, and what the service proves itself with."""

import ssl
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from contactsvc.platform.settings.database_server import DatabaseServer
from tests.platform.settings.support import Load, refusal


def context(words: str) -> ssl.SSLContext:
    made = DatabaseServer.parse(f"postgres://h?{words}").tls_argument()
    assert isinstance(made, ssl.SSLContext)
    return made


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An authority, a certificate of it with its key, and a file that is neither."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PGSSLROOTCERT", raising=False)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    own = ca.issue_cert("client")
    own.cert_chain_pems[0].write_to_path(tmp_path / "own.pem")
    own.private_key_pem.write_to_path(tmp_path / "own.key")
    (tmp_path / "nonsense").write_text("nonsense")
    return tmp_path


def test_each_mode_trusts_as_libpq_does(files: Path) -> None:
    ca = f"sslrootcert={files}/ca.pem"
    full, by_ca = context(f"sslmode=verify-full&{ca}"), context(f"sslmode=verify-ca&{ca}")
    required = context(f"sslmode=require&{ca}")

    assert (full.verify_mode, full.check_hostname) == (ssl.CERT_REQUIRED, True)
    for made in (by_ca, required):
        assert (made.verify_mode, made.check_hostname) == (ssl.CERT_REQUIRED, False)
    assert [len(made.get_ca_certs()) for made in (full, by_ca, required)] == [1, 1, 1]
    assert full.minimum_version == ssl.TLSVersion.TLSv1_2

    bare = context("sslmode=require&ssl_min_protocol_version=TLSv1.3")
    assert (bare.verify_mode, bare.minimum_version) == (ssl.CERT_NONE, ssl.TLSVersion.TLSv1_3)
    assert DatabaseServer.parse("postgres://h?sslmode=require").tls_argument() == "require"
    assert DatabaseServer.parse("postgres://h?ssl=true").tls_argument() == "require"


def test_the_authorities_of_the_machine_are_trusted(files: Path) -> None:
    made = context("sslmode=verify-full&sslrootcert=system")
    assert (made.verify_mode, made.check_hostname) == (ssl.CERT_REQUIRED, True)


def certificate_shown_to(server: ssl.SSLContext, client: ssl.SSLContext) -> dict[str, Any]:
    """Shake hands in memory, and return what the server has seen of the client's certificate."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        client.wrap_bio(to_client, to_server, server_hostname="h"),
        accepted := server.wrap_bio(to_server, to_client, server_side=True),
    )
    for _ in range(3):
        for end in ends:
            with suppress(ssl.SSLWantReadError):
                end.do_handshake()
    return dict(accepted.getpeercert() or {})


def test_a_certificate_of_its_own_is_shown_to_the_server(files: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files / "own.pem", files / "own.key")
    server.load_verify_locations(files / "ca.pem")
    server.verify_mode = ssl.CERT_REQUIRED

    client = context(f"sslmode=require&sslcert={files}/own.pem&sslkey={files}/own.key")

    shown = certificate_shown_to(server, client)
    assert ("DNS", "client") in shown["subjectAltName"]


def test_a_key_that_is_encrypted_is_read_with_its_password(files: Path) -> None:
    key = serialization.load_pem_private_key((files / "own.key").read_bytes(), password=None)
    (files / "own.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"hunter2"),
        )
    )
    words = f"sslmode=require&sslcert={files}/own.pem&sslkey={files}/own.key"

    assert context(f"{words}&sslpassword=hunter2")
    for wrong in ("", "&sslpassword=hunter3"):  # nobody is asked at the terminal
        with pytest.raises(ValueError, match="sslcert: the file is not"):
            context(f"{words}{wrong}")


def test_what_cannot_be_used_is_named(load: Load, files: Path, subtests: pytest.Subtests) -> None:
    for words, reason in {
        "sslmode=verify-full": "sslmode: verify-full needs sslrootcert=FILE",
        "sslmode=verify-ca": "sslmode: verify-ca needs sslrootcert=FILE",
        "sslmode=require&sslrootcert=system": "sslrootcert: system needs sslmode=verify-full",
        "sslrootcert=system": "sslrootcert: system needs sslmode=verify-full",
        f"sslmode=verify-ca&sslrootcert={files}/nowhere": "sslrootcert: the file cannot be read",
        f"sslmode=verify-ca&sslrootcert={files}/nonsense": "sslrootcert: the file is not",
        f"sslmode=require&sslcert={files}/nowhere": "sslcert: the file cannot be read",
        f"sslmode=require&sslcert={files}/own.pem": "sslcert: the file is not",
        f"sslmode=require&sslkey={files}/own.key": "sslkey: needs sslcert",
        f"sslmode=require&sslcrl={files}/nonsense": "sslcrl: the file is not",
        "sslmode=require&ssl_min_protocol_version=TLSv9": "ssl_min_protocol_version: ",
        "sslmode=require&ssl_max_protocol_version=SSLv3": "ssl_max_protocol_version: ",
        "sslmode=disable&sslcert=x": "sslcert: needs sslmode",
    }.items():
        with subtests.test(words):
            line = refusal(load, "DATABASE_URL", f"postgres://h?{words}")
            assert line.startswith(f"DATABASE_URL: {reason}")


def test_libpqs_own_file_of_authorities_counts(files: Path) -> None:
    (files / ".postgresql").mkdir()
    (files / "ca.pem").rename(files / ".postgresql" / "root.crt")
    assert DatabaseServer.parse("postgres://h?sslmode=verify-ca").tls_argument() == "verify-ca"
    made = context("sslmode=require&ssl_min_protocol_version=TLSv1.2")
    assert made.verify_mode == ssl.CERT_REQUIRED
