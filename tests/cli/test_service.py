"""Commands about the service itself."""

import orjson

from contactsvc.openapi import build_document
from contactsvc.settings import Settings
from tests.cli.support import Command, done

FALLBACK = "8f2Kx-old-one-for-tests_0123456789"


def test_check_config_prints_what_is_understood(command: Command) -> None:
    printed = done(
        command("check-config", PORT="08001", CORS_ORIGINS="https://a.example , https://b.example")
    )
    told = dict(line.split("=", 1) for line in printed.splitlines())
    assert list(told) == [name.upper() for name in Settings.__dataclass_fields__]
    assert told["PORT"] == "8001"
    assert told["CORS_ORIGINS"] == "https://a.example,https://b.example"
    assert told["REQUIRE_CONFIRMED_EMAIL"] == "true"
    assert told["CLOUDINARY_URL"] == ""


def test_check_config_tells_no_secret(command: Command) -> None:
    printed = done(
        command(
            "check-config",
            SECRET_KEY_FALLBACKS=FALLBACK,
            DATABASE_URL="postgres://u:hunter2@nowhere.invalid/x",
            REDIS_URL="redis://:hunter2@nowhere.invalid",
            SMTP_URL="smtp://u:hunter2@nowhere.invalid",
            CLOUDINARY_URL="cloudinary://key:hunter2@cloud",
        )
    )
    assert "hunter2" not in printed
    assert FALLBACK not in printed
    assert printed.count("=***\n") == 6


def test_openapi_prints_the_document(command: Command) -> None:
    printed = done(command("openapi", PORT="nonsense"))
    assert orjson.loads(printed) == orjson.loads(build_document())
