"""What can be read but not used is named, in words that repeat no secret."""

from pathlib import Path

import pytest

from tests.platform.settings.support import KEY, POSTGRES, REDIS, Load, problems, refusal


@pytest.mark.parametrize("limit", ["1/second", "5 per 5 minutes", "5/5minutes;20/hour", "1/30days"])
def test_limits_are_in_the_notation_of_the_library(load: Load, limit: str) -> None:
    assert load(LOGIN_LIMIT_PER_ACCOUNT=limit).login_limit_per_account == limit


def test_proxies_are_addresses_or_networks(load: Load) -> None:
    settings = load(TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.1,2001:db8::/32")
    assert settings.trusted_proxies == ("10.0.0.0/8", "192.0.2.1", "2001:db8::/32")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://user:hunter2@db/contacts"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "db.example.com"),
        ("REDIS_URL", "http://:hunter2@cache.example.com"),
        ("REDIS_URL", "cache.example.com:6379"),
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
        ("UNCONFIRMED_TTL", "86399"),
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
    assert "hunter2" not in refusal(load, name, value)


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
    example = Path(__file__).parents[3] / ".env.example"
    lines = example.read_text().splitlines()
    given = [line for line in lines if line.startswith("SECRET_KEY=")]
    assert all(line == "SECRET_KEY=" for line in given)


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
def test_workers_that_share_no_redis_are_refused(load: Load, workers: str) -> None:
    assert "set REDIS_URL" in refusal(load, "WORKERS", workers)
