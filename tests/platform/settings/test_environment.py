"""Settings are read out of the environment, of files of secrets and of .env."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from contactsvc.platform.settings import SECRETS, SETTINGS, Settings, SettingsError
from tests.platform.settings.support import KEY, POSTGRES, REDIS, Load, problems, refusal


@pytest.mark.parametrize("name", [setting.variable for setting in SETTINGS])
def test_a_value_that_is_empty_or_blank_is_none(load: Load, name: str) -> None:
    unset = load()
    for nothing in ("", " ", "\t\u00a0\n"):
        assert load(**{name: nothing}) == unset


@pytest.mark.parametrize("name", SECRETS)
def test_an_empty_file_of_a_secret_is_none(load: Load, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").write_text("\n")
    unset = load()
    assert load(**{f"{name}_FILE": str(tmp_path / "empty")}) == unset


@pytest.mark.parametrize("blank", [",", " ", " , ,"])
def test_a_list_of_nothing_is_none(load: Load, blank: str) -> None:
    lists = ("HOST", "CORS_ORIGINS", "TRUSTED_PROXIES", "SECRET_KEY_FALLBACKS")
    unset = load()
    assert load(**dict.fromkeys(lists, blank)) == unset


def test_a_comma_at_the_end_of_a_list_adds_nothing(load: Load) -> None:
    assert load(HOST="127.0.0.1, ::1,").host == ("127.0.0.1", "::1")


@pytest.mark.parametrize("name", ["METRICS_TOKEN", "SECRET_KEY", "HOST", "DATA_DIR"])
def test_what_is_not_utf8_is_refused(load: Load, name: str) -> None:
    assert refusal(load, name, os.fsdecode(KEY.encode() + b"\xff")).endswith("must be UTF-8.")


@pytest.mark.parametrize("name", ["DATA_DIR", "PASSWORD_BLOCKLIST"])
def test_a_home_folder_that_is_not_there_is_named(load: Load, name: str) -> None:
    assert "no home folder" in refusal(load, name, "~no-such-user/folder")


EVERYTHING: dict[str, tuple[str, object]] = {
    "host": ("0.0.0.0, ::", ("0.0.0.0", "::")),
    "port": ("9000", 9000),
    "workers": ("3", 3),
    "shutdown_delay": ("0", 0),
    "shutdown_timeout": ("300", 300),
    "data_dir": ("/srv/contacts", Path("/srv/contacts")),
    "database_url": (POSTGRES, POSTGRES),
    "database_pool_size": ("3", 3),
    "database_timeout": ("2.5", 2.5),
    "redis_url": (REDIS, REDIS),
    "redis_timeout": ("0.25", 0.25),
    "secret_key": (KEY, KEY),
    "secret_key_fallbacks": (f"{KEY[::-1]}, {KEY.swapcase()}", (KEY[::-1], KEY.swapcase())),
    "public_url": ("https://contacts.example.com/", "https://contacts.example.com"),
    "cors_origins": (
        "https://a.example.com,http://localhost:3000",
        ("https://a.example.com", "http://localhost:3000"),
    ),
    "access_token_ttl": ("60", 60),
    "refresh_token_ttl": ("120", 120),
    "user_cache_ttl": ("5", 5),
    "session_max_age": ("3600", 3600),
    "require_confirmed_email": ("false", False),
    "confirmation_ttl": ("61", 61),
    "reset_ttl": ("62", 62),
    "unconfirmed_ttl": ("86401", 86_401),
    "trash_ttl": ("86405", 86_405),
    "ended_session_ttl": ("86402", 86_402),
    "mail_ttl": ("86403", 86_403),
    "dead_mail_ttl": ("86404", 86_404),
    "audit_ttl": ("2678401", 2_678_401),
    "smtp_url": ("smtp://mail.example.com", "smtp://mail.example.com"),
    "cloudinary_url": ("cloudinary://key:secret@cloud", "cloudinary://key:secret@cloud"),
    "mail_from": ("Contacts <c@example.com>", "Contacts <c@example.com>"),
    "login_limit_per_address": ("1/minute", "1/minute"),
    "login_limit_per_account": ("2/minute", "2/minute"),
    "mail_limit_per_address": ("3/minute", "3/minute"),
    "mail_limit_per_account": ("4/minute", "4/minute"),
    "user_limit": ("6/minute", "6/minute"),
    "sync_limit": ("8/minute", "8/minute"),
    "transfer_limit": ("7/minute", "7/minute"),
    "trusted_proxies": ("10.0.0.0/8", ("10.0.0.0/8",)),
    "registration_reveals_taken_email": ("true", True),
    "password_min_length": ("15", 15),
    "default_region": ("gb", "GB"),
    "password_blocklist": (__file__, Path(__file__)),
    "password_breach_check": ("true", "true"),
    "max_body_size": ("100000", 100_000),
    "max_connections": ("50", 50),
    "max_contacts": ("500", 500),
    "log_level": ("DEBUG", "DEBUG"),
    "log_format": ("json", "json"),
    "metrics_token": ("for-the-scraper", "for-the-scraper"),
}
"""What stands in the environment, and what is made of it."""


def test_everything_can_be_set(load: Load) -> None:
    settings = load(**{name.upper(): text for name, (text, _) in EVERYTHING.items()})

    assert set(EVERYTHING) == {field.name for field in fields(Settings)}
    read = {name: getattr(settings, name) for name in EVERYTHING}
    assert read == {name: value for name, (_, value) in EVERYTHING.items()}
    assert not settings.embedded


def test_the_public_url_follows_host_and_port(load: Load) -> None:
    assert load(HOST="10.0.0.1", PORT="81").public_url == "http://10.0.0.1:81"
    assert load(HOST="::1,127.0.0.1", PORT="81").public_url == "http://[::1]:81"


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
    assert (settings.port, settings.host) == (9001, ("10.0.0.1",))
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
    with pytest.raises(SettingsError, match=r"^SECRET_KEY: remove .*secret_key, a new one"):
        load()


@pytest.mark.process
def test_makers_at_once_agree_on_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from contactsvc.platform.settings import load_settings;"
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
    keys = {maker.communicate(timeout=60)[0] for maker in makers}
    assert all(maker.returncode == 0 for maker in makers)
    assert len(keys) == 1
    assert keys != {"\n"}


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
        ("MAX_CONNECTIONS", "9"),
        ("MAX_CONNECTIONS", "100001"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_what_is_out_of_its_range_is_named(load: Load, name: str, value: str) -> None:
    refusal(load, name, value)


def test_all_problems_are_told_at_once(load: Load) -> None:
    wrong = {"PORT": "x", "LOG_LEVEL": "LOUD", "DATABASE_URL": "mysql://db", "PUBLIC_URL": "x"}
    named = [problem.partition(":")[0] for problem in problems(load, **wrong, SECRET_KEY="short")]
    assert sorted(named) == sorted([*wrong, "SECRET_KEY"])


def test_problems_are_told_in_their_order(load: Load) -> None:
    wrong = {field.name.upper(): "x" for field in fields(Settings)}

    named = [problem.partition(":")[0] for problem in problems(load, **wrong)]

    # What cannot be read comes first, in the order of the settings; then what cannot be used.
    assert named[:3] == ["PORT", "WORKERS", "SHUTDOWN_DELAY"]
    unusable = named[named.index("LOG_FORMAT") + 1 :]
    declared = [setting.variable for setting in SETTINGS]
    assert unusable == sorted(unusable, key=declared.index)
    assert {"PUBLIC_URL", "DATABASE_URL", "USER_LIMIT", "SECRET_KEY"} <= set(unusable)
