"""The blueprints for Render and Fly.io speak of this service as it is."""

import tomllib
from typing import Any

from contactsvc.platform.settings import SECRETS
from contactsvc.routes import ROUTES
from tests.deploy.conftest import Understand
from tests.deploy.support import DEPLOY, KEY, ROOT, SECONDS_TO_STOP, SETTINGS, one_document

RENDER = one_document(DEPLOY / "render.yaml")
FLY = tomllib.loads((DEPLOY / "fly.toml").read_text())
WEB, KEYVALUE = RENDER["services"]
SAMPLES = {
    "DATABASE_URL": "postgres://contactsvc:hunter2@db/contactsvc",
    "REDIS_URL": "redis://cache:6379",
    "SECRET_KEY": KEY,
    "METRICS_TOKEN": KEY,
    "PUBLIC_URL": "https://contacts.example.com",
    "SMTP_URL": "smtps://me:hunter2@mail.example.com",
    "MAIL_FROM": "contacts@example.com",
    "CLOUDINARY_URL": "",
}
"""What Render puts in, or the person who is asked."""


def render_variables() -> dict[str, dict[str, Any]]:
    return {variable["key"]: variable for variable in WEB["envVars"]}


def test_render_sets_settings_and_no_secret_in_clear() -> None:
    variables = render_variables()

    assert set(variables) <= SETTINGS
    assert not [name for name in SECRETS if "value" in variables.get(name, {})]
    assert variables["SECRET_KEY"]["generateValue"] is True
    assert variables["SMTP_URL"]["sync"] is False


def test_render_gives_the_addresses_of_what_it_makes() -> None:
    variables = render_variables()
    [database] = RENDER["databases"]

    assert variables["DATABASE_URL"]["fromDatabase"]["name"] == database["name"]
    assert variables["REDIS_URL"]["fromService"]["name"] == KEYVALUE["name"]
    assert variables["REDIS_URL"]["fromService"]["type"] == KEYVALUE["type"] == "keyvalue"
    assert KEYVALUE["ipAllowList"] == database["ipAllowList"] == []
    assert KEYVALUE["maxmemoryPolicy"] == "noeviction"
    assert WEB["region"] == KEYVALUE["region"] == database["region"]


def test_the_service_understands_what_render_sets(understand: Understand) -> None:
    values = {name: given.get("value") for name, given in render_variables().items()}

    settings = understand({name: value or SAMPLES[name] for name, value in values.items()})

    assert settings.port == 8000
    assert len(settings.trusted_proxies) > 20


def test_render_migrates_checks_and_lets_finish() -> None:
    assert WEB["preDeployCommand"] == "contactsvc migrate"
    assert WEB["healthCheckPath"] in paths()
    assert WEB["maxShutdownDelaySeconds"] >= SECONDS_TO_STOP
    assert (ROOT / WEB["dockerfilePath"]).is_file()


def test_nobody_outside_reads_the_metrics() -> None:
    # Both clouds pass every path on, so a token stands before this one; on Fly.io it is set by
    # hand, and Fly's own scraper would not know it.
    assert render_variables()["METRICS_TOKEN"]["generateValue"] is True
    assert "metrics" not in FLY


def test_fly_sets_settings_and_no_secret(understand: Understand) -> None:
    assert set(FLY["env"]) <= SETTINGS - set(SECRETS)

    secrets = {name: SAMPLES[name] for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}
    settings = understand(FLY["env"] | secrets)

    assert settings.port == FLY["http_service"]["internal_port"]


def test_fly_migrates_checks_and_lets_finish() -> None:
    assert FLY["deploy"]["release_command"] == "contactsvc migrate"
    assert FLY["kill_signal"] == "SIGTERM"
    assert FLY["kill_timeout"] >= SECONDS_TO_STOP
    assert FLY["http_service"]["force_https"] is True
    assert FLY["http_service"]["auto_stop_machines"] == "off", "mail is sent without requests"
    assert (DEPLOY / FLY["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"


def test_fly_asks_where_somebody_answers() -> None:
    assert {check["path"] for check in FLY["http_service"]["checks"]} <= paths()


def paths() -> set[str]:
    return {route.path for route in ROUTES}
