"""Settings: read once, checked as a whole, and telling no secret."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from contactsvc.settings import SECRETS, Settings, SettingsError, load_settings

KEY = "wZ8-q2LmV0xTn5Rb_7cYdK4hJ1gPfA6s"
POSTGRES = "postgres://user:hunter2@db.example.com/contacts"
REDIS = "redis://:hunter3@cache.example.com/0"

Load = Callable[..., Settings]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Load the settings in an environment that says nothing but this."""
    for name in (field.name.upper() for field in fields(Settings)):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)

    def load(env_file: Path | None = None, **environment: str) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return load_settings(env_file)

    return load


def problems(load: Load, **environment: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(**environment)
    assert str(error.value) == "\n".join(error.value.problems)
    return error.value.problems


def test_defaults(load: Load, tmp_path: Path) -> None:
    settings = load()
    assert settings.embedded
    assert (settings.database_url, settings.redis_url) == (None, None)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.data_dir == tmp_path / "var"
    assert settings.access_token_ttl == 900
    assert settings.refresh_token_ttl == 30 * 24 * 3600
    assert settings.require_confirmed_email
    assert not settings.registration_reveals_taken_email
    assert (settings.cors_origins, settings.secret_key_fallbacks) == ((), ())


def test_an_empty_value_is_none(load: Load) -> None:
    empty = {"DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": "", "CORS_ORIGINS": ""}
    settings = load(**empty, PUBLIC_URL="", SECRET_KEY_FALLBACKS="")
    assert settings == load()
    assert settings.embedded


def test_everything_can_be_set(load: Load, tmp_path: Path) -> None:
    settings = load(
        HOST="0.0.0.0",
        PORT="9000",
        DATA_DIR=str(tmp_path / "data"),
        DATABASE_URL=POSTGRES,
        DATABASE_POOL_SIZE="3",
        DATABASE_TIMEOUT="2.5",
        REDIS_TIMEOUT="0.25",
        REDIS_URL=REDIS,
        SECRET_KEY=KEY,
        SECRET_KEY_FALLBACKS=f"{KEY[::-1]},{KEY.swapcase()}",
        PUBLIC_URL="https://contacts.example.com/",
        CORS_ORIGINS="https://a.example.com,http://localhost:3000",
        ACCESS_TOKEN_TTL="60",
        REFRESH_TOKEN_TTL="120",
        USER_CACHE_TTL="5",
        REQUIRE_CONFIRMED_EMAIL="false",
        REGISTRATION_REVEALS_TAKEN_EMAIL="true",
        PASSWORD_MIN_LENGTH="15",
        MAX_BODY_SIZE="100000",
        LOG_LEVEL="DEBUG",
    )
    assert settings == Settings(
        host="0.0.0.0",
        port=9000,
        data_dir=tmp_path / "data",
        database_url=POSTGRES,
        database_pool_size=3,
        database_timeout=2.5,
        redis_timeout=0.25,
        redis_url=REDIS,
        secret_key=KEY,
        secret_key_fallbacks=(KEY[::-1], KEY.swapcase()),
        public_url="https://contacts.example.com",
        cors_origins=("https://a.example.com", "http://localhost:3000"),
        access_token_ttl=60,
        refresh_token_ttl=120,
        user_cache_ttl=5,
        require_confirmed_email=False,
        registration_reveals_taken_email=True,
        password_min_length=15,
        max_body_size=100000,
        log_level="DEBUG",
    )
    assert not settings.embedded


@pytest.mark.parametrize("limit", ["1/second", "5 per 5 minutes", "5/5minutes;20/hour", "1/30days"])
def test_limits_are_in_the_notation_of_the_library(load: Load, limit: str) -> None:
    assert load(LOGIN_LIMIT_PER_ACCOUNT=limit).login_limit_per_account == limit


def test_proxies_are_addresses_or_networks(load: Load) -> None:
    settings = load(TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.1,2001:db8::/32")
    assert settings.trusted_proxies == ("10.0.0.0/8", "192.0.2.1", "2001:db8::/32")


def test_the_public_url_follows_host_and_port(load: Load) -> None:
    assert load(HOST="10.0.0.1", PORT="81").public_url == "http://10.0.0.1:81"


def test_settings_cannot_be_changed(load: Load) -> None:
    with pytest.raises(FrozenInstanceError):
        load().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", "80.5"),
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_POOL_SIZE", "1001"),
        ("DATABASE_TIMEOUT", "0"),
        ("REDIS_TIMEOUT", "soon"),
        ("DATABASE_URL", "mysql://user:hunter2@db/contacts"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "db.example.com"),
        ("REDIS_URL", "http://:hunter2@cache.example.com"),
        ("REDIS_URL", "cache.example.com:6379"),
        ("REDIS_URL", "redis+sentinel://:hunter2@cache.example.com"),
        ("REDIS_URL", "redis+sentinel://:hunter2@cache.example.com/"),
        ("REDIS_URL", "redis+sentinel://:hunter2@cache.example.com/mymaster/zero"),
        ("REDIS_URL", "redis+sentinel:///mymaster"),
        ("REDIS_URL", "redis+cluster://:hunter2@a.example.com,"),
        ("REDIS_URL", "redis+cluster://a.example.com:hunter2"),
        ("REDIS_URL", "redis+cluster://a.example.com:65536"),
        ("REDIS_URL", "redis+cluster://:hunter2@a.example.com/1"),
        ("REDIS_URL", "unix+cluster://:hunter2@a.example.com"),
        ("PUBLIC_URL", "contacts.example.com"),
        ("PUBLIC_URL", "ftp://contacts.example.com"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://user:hunter2@contacts.example.com"),
        ("PUBLIC_URL", "https://contacts.example.com/?a=b"),
        ("PUBLIC_URL", "https://contacts.example.com/#top"),
        ("PUBLIC_URL", "https://contacts.example.com:99999"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "app.example.com"),
        ("CORS_ORIGINS", "https://app.example.com/"),
        ("CORS_ORIGINS", "https://app.example.com/page"),
        ("CORS_ORIGINS", "https://ok.example.com,nonsense"),
        ("ACCESS_TOKEN_TTL", "0"),
        ("ACCESS_TOKEN_TTL", "-1"),
        ("ACCESS_TOKEN_TTL", "86401"),
        ("REFRESH_TOKEN_TTL", "0"),
        ("REFRESH_TOKEN_TTL", "1e9"),
        ("USER_CACHE_TTL", "0"),
        ("USER_CACHE_TTL", "3601"),
        ("REQUIRE_CONFIRMED_EMAIL", "perhaps"),
        ("REGISTRATION_REVEALS_TAKEN_EMAIL", "2"),
        ("PASSWORD_MIN_LENGTH", "7"),
        ("PASSWORD_MIN_LENGTH", "129"),
        ("MAX_BODY_SIZE", "1"),
        ("MAX_BODY_SIZE", "10MB"),
        ("LOG_LEVEL", "LOUD"),
        ("LOGIN_LIMIT_PER_ADDRESS", "ten"),
        ("LOGIN_LIMIT_PER_ADDRESS", "10/fortnight"),
        ("LOGIN_LIMIT_PER_ACCOUNT", "0/minute"),
        ("LOGIN_LIMIT_PER_ACCOUNT", "-5/minute"),
        ("MAIL_LIMIT_PER_ADDRESS", "10"),
        ("MAIL_LIMIT_PER_ACCOUNT", "5/minute;0/hour"),
        ("MAIL_LIMIT_PER_ACCOUNT", "5/31days"),
        ("USER_LIMIT", "9" * 5000 + "/minute"),
        ("TRUSTED_PROXIES", "proxy.example.com"),
        ("TRUSTED_PROXIES", "10.0.0.1,10.0.0.1/8"),
        ("TRUSTED_PROXIES", "*"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FALLBACKS", "short"),
    ],
)
def test_a_wrong_value_is_named_and_a_secret_not_repeated(
    load: Load, name: str, value: str
) -> None:
    [problem] = problems(load, **{name: value, **({} if "KEY" in name else {"SECRET_KEY": KEY})})
    assert problem.startswith(f"{name}: ")
    assert len(problem) > len(name) + 10
    assert "hunter2" not in problem
    assert "\n" not in problem


@pytest.mark.parametrize(
    "url",
    [
        "rediss://:hunter2@cache.example.com/0",
        "unix:///run/redis.sock",
        "redis+sentinel://a.example.com,b.example.com:26380,[::1]:26381/mymaster",
        "rediss+sentinel://user:hunter%402@a.example.com/my.master/2?ssl_ca_certs=/ca.pem",
        "redis+cluster://a.example.com,10.0.0.1:7001",
        "rediss+cluster://:hunter2@a.example.com/0",
    ],
)
def test_redis_may_be_one_or_several(load: Load, url: str) -> None:
    assert load(REDIS_URL=url, SECRET_KEY=KEY).redis_url == url


def test_all_problems_are_told_at_once(load: Load) -> None:
    wrong = {"PORT": "x", "LOG_LEVEL": "LOUD", "DATABASE_URL": "mysql://db", "PUBLIC_URL": "x"}
    named = [problem.partition(":")[0] for problem in problems(load, **wrong, SECRET_KEY="short")]
    assert sorted(named) == sorted([*wrong, "SECRET_KEY"])


WEAK_KEYS = {
    "missing": "",
    "blank": " " * 40,
    "short": "kY3-for-tests-only_0123456789ab",
    "one character": "a" * 64,
    "few characters": "abcabcab" * 8,
    "an example": "example-0123456789-abcdefghijklmno",
    "to be changed": "please-change-me-0123456789-abcdefg",
    "its own name": "this-is-the-SECRET_KEY-0123456789-ab",
    "a placeholder": "PLACEHOLDER-0123456789-abcdefghijkl",
    "yours": "your-secret-0123456789-abcdefghijklmn",
}


@pytest.mark.parametrize("key", WEAK_KEYS.values(), ids=WEAK_KEYS.keys())
@pytest.mark.parametrize("outside", [{"DATABASE_URL": POSTGRES}, {"REDIS_URL": REDIS}])
def test_no_weak_key_outside_the_embedded_service(
    load: Load, key: str, outside: dict[str, str]
) -> None:
    [problem] = problems(load, SECRET_KEY=key, **outside)
    assert problem.startswith("SECRET_KEY: ")
    assert not key.strip() or key not in problem


@pytest.mark.parametrize("key", [key for key in WEAK_KEYS.values() if key.strip()])
def test_no_weak_key_embedded_or_retired_either(load: Load, key: str) -> None:
    [problem] = problems(load, SECRET_KEY=key)
    assert problem.startswith("SECRET_KEY: ")
    [problem] = problems(load, SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=f"{KEY[::-1]},{key}")
    assert problem.startswith("SECRET_KEY_FALLBACKS: ")


def test_the_example_file_gives_no_key() -> None:
    example = Path(__file__).parents[2] / ".env.example"
    lines = example.read_text().splitlines()
    given = [line for line in lines if line.startswith("SECRET_KEY=")]
    assert all(line == "SECRET_KEY=" for line in given)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_come_from_a_file(load: Load, tmp_path: Path, name: str) -> None:
    smtp = "smtps://me:secret@mail.example.com"
    values = {"DATABASE_URL": POSTGRES, "REDIS_URL": REDIS, "SMTP_URL": smtp}
    values["CLOUDINARY_URL"] = "cloudinary://key:secret@cloud"
    file = tmp_path / "secret"
    file.write_text(f"{values.get(name, KEY[::-1])}\n")
    environment = {} if name == "SECRET_KEY" else {"SECRET_KEY": KEY}
    settings = load(**environment, **{f"{name}_FILE": str(file)})
    expected: object = values.get(name, KEY[::-1])
    if name == "SECRET_KEY_FALLBACKS":
        expected = (expected,)
    assert getattr(settings, name.lower()) == expected


@pytest.mark.parametrize("missing", ["nowhere", "."])
def test_a_secrets_file_that_cannot_be_read_is_named(load: Load, missing: str) -> None:
    [problem] = problems(load, SECRET_KEY_FILE=missing)
    assert "SECRET_KEY" in problem


def test_a_secrets_file_that_is_no_text_is_named(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(bytes(range(128, 256)))
    [problem] = problems(load, SECRET_KEY_FILE=str(tmp_path / "secret"))
    assert problem.startswith("SECRET_KEY: ")


def test_the_environment_comes_before_the_env_file(load: Load, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        f"PORT=9000\nHOST=10.0.0.1\nSECRET_KEY='{KEY}'\n# PORT=1\nexport LOG_LEVEL=ERROR"
    )
    settings = load(file, PORT="9001")
    assert (settings.port, settings.host) == (9001, "10.0.0.1")
    assert (settings.secret_key, settings.log_level) == (KEY, "ERROR")


def test_the_env_file_does_not_get_into_the_environment(load: Load, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"SECRET_KEY={KEY}")
    assert load(file).secret_key == KEY
    assert "SECRET_KEY" not in os.environ


def test_wrong_values_of_the_env_file_are_named(load: Load, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=x")
    with pytest.raises(SettingsError, match=r"^PORT: "):
        load(file)


def test_a_missing_env_file_is_passed_over(load: Load, tmp_path: Path) -> None:
    assert load(tmp_path / "nowhere").port == 8000


def test_an_embedded_service_makes_its_key_once(load: Load, tmp_path: Path) -> None:
    first = load()
    file = tmp_path / "var" / "secret_key"
    assert len(first.secret_key) >= 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip() == first.secret_key
    assert load().secret_key == first.secret_key
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


def test_two_services_have_two_keys(load: Load, tmp_path: Path) -> None:
    assert load(DATA_DIR="one").secret_key != load(DATA_DIR="two").secret_key


def test_a_key_that_is_set_is_not_written_down(load: Load, tmp_path: Path) -> None:
    assert load(SECRET_KEY=KEY).secret_key == KEY
    assert not (tmp_path / "var" / "secret_key").exists()


@pytest.mark.parametrize("content", ["", "\n", "short"])
def test_a_spoilt_key_file_never_signs(load: Load, tmp_path: Path, content: str) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret_key").write_text(content)
    try:
        key = load().secret_key
    except SettingsError:
        return
    assert len(key) >= 32


def test_makers_at_once_agree_on_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from contactsvc.settings import load_settings;"
        "sys.stdin.read(); print(load_settings(None).secret_key)"
    )
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "var")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for maker in makers:  # all have been started; each waits for the end of its input
        assert maker.stdin is not None
        maker.stdin.close()
        maker.stdin = None
    keys = {maker.communicate(timeout=30)[0] for maker in makers}
    assert all(maker.returncode == 0 for maker in makers)
    assert len(keys) == 1
    assert keys != {"\n"}


def test_repr_tells_no_secret(load: Load) -> None:
    settings = load(
        SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=KEY[::-1], DATABASE_URL=POSTGRES, REDIS_URL=REDIS
    )
    for text in (repr(settings), str(settings), f"{settings}"):
        assert not [secret for secret in (KEY, KEY[::-1], "hunter2", "hunter3") if secret in text]
        assert "port=8000" in text
        assert all(f"{field.name}=" in text for field in fields(settings))


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail",
        "smtp://mail:25?starttls=never",
        "smtp://me%40x:p%2F@mail?starttls=required",
        "smtps://me:secret@mail:465",
    ],
)
def test_a_mail_server_is_accepted(load: Load, url: str) -> None:
    assert load(SMTP_URL=url).smtp_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://mail",
        "smtp://",
        "smtp://mail:99999",
        "smtp://mail:0",
        "smtp://mail/path",
        "smtp://mail?starttls=maybe",
        "smtp://mail?tls=1",
        "smtp://me:s3cret/word@mail",
        "smtps://mail?starttls=never",
    ],
)
def test_what_is_no_mail_server_is_named_but_not_repeated(load: Load, url: str) -> None:
    [problem] = problems(load, SMTP_URL=url)
    assert problem.startswith("SMTP_URL: ")
    assert "s3cret" not in problem


@pytest.mark.parametrize("text", ["contacts", "a@b.example, c@d.example", "Contacts <contacts@>"])
def test_a_sender_of_mail_is_one_address(load: Load, text: str) -> None:
    [problem] = problems(load, MAIL_FROM=text)
    assert problem.startswith("MAIL_FROM: ")


@pytest.mark.parametrize(
    "url",
    [
        "cloudinary://123456:s3cret_-x@my-cloud",
        "cloudinary://123456:s3cret@my-cloud?upload_prefix=https://proxy.example.com",
        "cloudinary://123456:s3cret@my-cloud?upload_prefix=http%3A%2F%2F127.0.0.1%3A8080",
    ],
)
def test_an_account_at_cloudinary_is_accepted_and_not_shown(load: Load, url: str) -> None:
    settings = load(CLOUDINARY_URL=url)
    assert settings.cloudinary_url == url
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "https://123456:s3cret@my-cloud",
        "cloudinary://",
        "cloudinary://my-cloud",
        "cloudinary://123456@my-cloud",
        "cloudinary://:s3cret@my-cloud",
        "cloudinary://123456:s3cret@",
        "cloudinary://123456:s3cret@my-cloud:443",
        "cloudinary://123456:s3cret@my-cloud:x",
        "cloudinary://123456:s3cret@my-cloud/cname.example.com",
        "cloudinary://123456:s3cret@my-cloud?upload_prefix=",
        "cloudinary://123456:s3cret@my-cloud?upload_prefix=ftp://x",
        "cloudinary://123456:s3cret@my-cloud?secure=true",
        "123456:s3cret",
    ],
)
def test_what_is_no_account_at_cloudinary_is_named_but_not_repeated(load: Load, url: str) -> None:
    [problem] = problems(load, CLOUDINARY_URL=url)
    assert problem.startswith("CLOUDINARY_URL: ")
    assert "s3cret" not in problem


@pytest.mark.parametrize("workers", ["2", "64"])
def test_workers_that_share_no_redis_are_refused(
    monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    monkeypatch.setenv("WORKERS", workers)

    with pytest.raises(SettingsError, match=r"WORKERS: .* REDIS_URL"):
        load_settings(None)
