"""Commands about the service itself."""

from pathlib import Path

import orjson

from contactsvc.platform.database import faults
from contactsvc.platform.settings import Settings
from contactsvc.routes import ROUTES
from contactsvc.web.openapi import build_document
from tests.cli.support import Command, done, readable_failure

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
    assert orjson.loads(printed) == orjson.loads(build_document(ROUTES))


def test_check_config_tries_what_the_settings_name(
    command: Command, postgres_url: str, empty_database: str, tmp_path: Path
) -> None:
    done(command("check-config", "--connect"))
    done(command("check-config", "--connect", DATABASE_URL=empty_database))

    (tmp_path / "file").touch()
    url = postgres_url.replace("postgres@", "nobody_at_all:hunter2@")
    said = readable_failure(
        command(
            "check-config",
            "--connect",
            DATABASE_URL=url,
            REDIS_URL="redis://:hunter2@127.0.0.1:1/0",
            DATA_DIR=str(tmp_path / "file" / "var"),
        )
    )
    first, *lines = said.splitlines()
    assert first == "Error: The settings do not work:"
    assert lines[0].startswith(f"  DATABASE_URL: {faults.NOT_LET_IN}")
    assert lines[1].startswith("  REDIS_URL: ")
    assert lines[2].startswith("  DATA_DIR: ")
    assert len(lines) == 3
    assert "hunter2" not in said
