"""docker-compose.yml keeps the promises of docs/how-to/deploy.rst."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from contactsvc.platform.settings import Settings, SettingsError
from tests.deploy.conftest import Understand
from tests.deploy.support import KEY, ROOT, SECONDS_TO_STOP, SETTINGS, interpolate, one_document
from tests.support.ports import free_port
from tests.support.redis_server import REDIS_SERVER

COMPOSE = one_document(ROOT / "docker-compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "contactsvc-dev", "contactsvc")
PROFILES = {"development", "production"}
SECRETS_OF_ENV = {"SECRET_KEY": KEY, "POSTGRES_PASSWORD": "pg" * 9, "REDIS_PASSWORD": "rd" * 9}
PRODUCTION = {
    "PUBLIC_URL": "https://contacts.example.com",
    "SMTP_URL": "smtps://me:password@mail.example.com",
    "MAIL_FROM": "contacts@example.com",
}

every_service = pytest.mark.parametrize("name", SERVICES)


def of_profile(profile: str) -> set[str]:
    return {name for name, service in SERVICES.items() if profile in service["profiles"]}


def environment(name: str, **env_file: str) -> dict[str, str]:
    """Return what a container gets: what .env says, and what the file says on top of it."""
    variables = {**SECRETS_OF_ENV, **env_file}
    own = SERVICES[name].get("environment", {})
    read = variables if SERVICES[name].get("env_file") == ".env" else {}
    return {**read, **{key: interpolate(value, variables) for key, value in own.items()}}


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [str(value)]


@every_service
def test_each_is_confined(name: str) -> None:
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert not {"cap_add", "privileged", "pid", "network_mode"} & set(service)
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


@every_service
def test_nobody_is_root(name: str) -> None:
    # The image of the service names its own user: test_dockerfile.py.
    user = SERVICES[name].get("user")
    assert name in OURS if user is None else not user.startswith(("0", "root"))


@every_service
def test_each_is_seen_to_be_well(name: str) -> None:
    # The image of the service brings its check, and the job just ends.
    assert name in OURS or SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@every_service
def test_images_are_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    assert name in OURS or re.search(r":v?\d+\.\d+(\.\d+)?[\w.-]*$", image)


@every_service
def test_ports_are_opened_at_this_machine_alone(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_one_image_is_built_before_all_who_use_it() -> None:
    assert SERVICES["migrate"]["build"] == "."
    for name in ("contactsvc-dev", "contactsvc"):
        assert SERVICES[name]["image"] == SERVICES["migrate"]["image"]
        assert SERVICES[name]["pull_policy"] == "never"
        assert "build" not in SERVICES[name]


def test_the_migrations_end_before_the_service_starts() -> None:
    assert SERVICES["migrate"]["command"] == ["contactsvc", "migrate"]
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("contactsvc-dev", "contactsvc"):
        needs = SERVICES[name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}
        assert needs["postgres"] == needs["redis"] == {"condition": "service_healthy"}


def test_the_profiles() -> None:
    both = {"postgres", "redis", "migrate"}

    assert of_profile("development") == both | {"contactsvc-dev", "mailpit"}
    assert of_profile("production") == both | {"contactsvc"}
    assert all(set(service["profiles"]) <= PROFILES for service in SERVICES.values())


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_whom_a_service_waits_for_is_of_its_profile(profile: str) -> None:
    members = of_profile(profile)
    assert all(set(SERVICES[name].get("depends_on", {})) <= members for name in members)


def test_the_stores_are_reached_by_the_service_alone() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]


def test_what_must_last_is_on_a_volume() -> None:
    kept = {volume for service in SERVICES.values() for volume in service.get("volumes", [])}

    assert kept == {"postgres:/var/lib/postgresql", "data:/data"}
    assert {volume.partition(":")[0] for volume in kept} == set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", ["contactsvc-dev", "contactsvc"])
def test_imports_lie_on_a_disk(name: str) -> None:
    """What is in a tmpfs counts towards the memory of its container, which is as large."""
    folder = environment(name)["TMPDIR"]
    assert folder in {volume.partition(":")[2] for volume in SERVICES[name]["volumes"]}
    assert folder not in {mount.partition(":")[0] for mount in SERVICES[name]["tmpfs"]}


@pytest.mark.process
def test_redis_leaves_nothing_on_a_disk(tmp_path: Path) -> None:
    """It holds people's e-mails, in copies of users."""
    if REDIS_SERVER is None:
        pytest.skip("needs redis-server")
    redis = SERVICES["redis"]
    shell, flag, script = redis["command"]
    assert {path.partition(":")[0] for path in redis["tmpfs"]} == {"/tmp", "/data"}
    port = free_port()
    script = script.replace("$$", "$").replace("/tmp", str(tmp_path))
    script = script.replace("redis-server ", f"{REDIS_SERVER} ", 1) + f" --port {port}"
    server = subprocess.Popen(
        [shell, flag, script.replace("\n --port", " --port")],
        env={"PATH": os.environ["PATH"], "REDISCLI_AUTH": "secret"},
        stdout=subprocess.DEVNULL,
    )
    try:
        with Redis(
            port=port, password="secret", retry=Retry(ConstantBackoff(0.05), 1000)
        ) as client:
            client.set("user:{1}", "canary@example.com")
            assert client.config_get("save") == {"save": ""}
    finally:
        server.terminate()
        server.wait()
    assert {path.name for path in tmp_path.rglob("*")} == {"redis.conf"}


def test_postgresql_logs_no_values() -> None:
    told = dict(
        option.removeprefix("-c").split("=") for option in SERVICES["postgres"]["command"][1:]
    )

    assert told == {
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


@pytest.mark.parametrize("missing", SECRETS_OF_ENV)
def test_without_a_secret_nothing_starts_and_one_line_says_what_to_do(missing: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    variables = {name: value for name, value in SECRETS_OF_ENV.items() if name != missing}

    with pytest.raises(LookupError, match=f'{missing}: run "make env" first'):
        interpolate(text, variables)


@every_service
def test_no_secret_is_written_down(name: str) -> None:
    secret = re.compile(r"(?i)(password|passwd|secret|token|key)$")
    for key, value in SERVICES[name].get("environment", {}).items():
        if secret.search(key) or "AUTH" in key:
            assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), key
    # And none in a URL or a command: between the colon and the @ stands a variable.
    for text in strings(SERVICES[name]):
        assert all(found.startswith("${") for found in re.findall(r"://\w*:([^@/]+)@", text))


@pytest.mark.parametrize("name", OURS)
def test_only_settings_are_set(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= SETTINGS | {"TMPDIR"}  # which Python reads


@pytest.mark.parametrize("name", OURS)
def test_there_is_time_to_stop(name: str) -> None:
    assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) >= SECONDS_TO_STOP


def test_the_service_understands_development(understand: Understand) -> None:
    settings = understand(environment("contactsvc-dev", PORT="9000", HOST="127.0.0.1"))

    assert (settings.host, settings.port) == (("0.0.0.0",), 8000)
    assert settings.public_url == "http://localhost:9000"
    assert settings.smtp_url == "smtp://mailpit:1025?starttls=never"
    assert settings.database_url == f"postgres://contactsvc:{'pg' * 9}@postgres:5432/contactsvc"
    assert settings.redis_url == f"redis://:{'rd' * 9}@redis:6379/0"
    assert interpolate(SERVICES["contactsvc-dev"]["ports"][0], {"PORT": "9000"}).endswith(
        ":9000:8000"
    )


def test_the_service_understands_production(understand: Understand) -> None:
    settings = understand(environment("contactsvc", **PRODUCTION, PASSWORD_MIN_LENGTH="15"))

    assert settings.public_url == PRODUCTION["PUBLIC_URL"]
    assert settings.smtp_url == PRODUCTION["SMTP_URL"]
    assert settings.password_min_length == 15, "any setting in .env counts"


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_does_not_start_without(missing: str, understand: Understand) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name != missing}

    with pytest.raises(SettingsError) as error:
        understand(environment("contactsvc", **given))

    assert [problem.partition(":")[0] for problem in error.value.problems] == [missing]


def test_the_job_needs_no_more_than_the_secrets(understand: Understand) -> None:
    assert isinstance(understand(environment("migrate")), Settings)
