"""The Kubernetes manifests fit together, and fit the service."""

from typing import Any

import pytest

from contactsvc.contacts.transfer.service import AT_ONCE, UPLOADS
from contactsvc.contacts.transfer.spool import MAX_READY
from contactsvc.contacts.transfer.views import MAX_BYTES
from contactsvc.platform.settings import SECRETS
from contactsvc.routes import ROUTES
from contactsvc.workers import CLOSE_TIMEOUT
from tests.deploy.conftest import Understand
from tests.deploy.support import DEPLOY, KEY, SETTINGS, documents, one_document

FOLDER = DEPLOY / "kubernetes"
KUSTOMIZATION = one_document(FOLDER / "kustomization.yaml")
OBJECTS: dict[str, dict[str, Any]] = {
    document["kind"]: document
    for name in KUSTOMIZATION["resources"]
    for document in documents(FOLDER / name)
}
WORKLOADS = ("Deployment", "Job")
SECRET = {
    "DATABASE_URL": "postgres://contactsvc:hunter2@db/contactsvc",
    "REDIS_URL": "redis://cache:6379",
    "SECRET_KEY": KEY,
    "SMTP_URL": "smtps://me:hunter2@mail.example.com",
}

workload = pytest.mark.parametrize("kind", WORKLOADS)


def template(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = OBJECTS[kind]["spec"]["template"]
    return found


def container(kind: str) -> dict[str, Any]:
    [found] = template(kind)["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def selected(labels: dict[str, str]) -> set[str]:
    """Return the workloads whose pods have all these labels."""
    return {
        kind for kind in WORKLOADS if labels.items() <= template(kind)["metadata"]["labels"].items()
    }


def test_every_file_is_listed() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"kustomization.yaml"}

    assert set(KUSTOMIZATION["resources"]) == files
    assert len(OBJECTS) == len(files), "one object a file, each of its own kind"


@workload
def test_pods_are_restricted(kind: str) -> None:
    pod = template(kind)["spec"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container(kind)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    assert pod["serviceAccountName"] == OBJECTS["ServiceAccount"]["metadata"]["name"]
    assert container(kind)["resources"]["limits"]["memory"]


@workload
def test_secrets_come_from_outside(kind: str) -> None:
    sources = container(kind)["envFrom"]

    assert sources == [
        {"configMapRef": {"name": OBJECTS["ConfigMap"]["metadata"]["name"]}},
        {"secretRef": {"name": "contactsvc"}},
    ]
    assert "Secret" not in OBJECTS
    assert set(OBJECTS["ConfigMap"]["data"]) <= SETTINGS - set(SECRETS)


@workload
def test_the_image_is_named_in_one_place(kind: str) -> None:
    [image] = KUSTOMIZATION["images"]

    assert container(kind)["image"] == image["name"]
    assert image["newTag"] != "latest"


def test_the_service_understands_its_settings(understand: Understand) -> None:
    settings = understand(OBJECTS["ConfigMap"]["data"] | SECRET)

    [port] = container("Deployment")["ports"]
    assert settings.port == port["containerPort"]
    grace = template("Deployment")["spec"]["terminationGracePeriodSeconds"]
    assert grace >= settings.shutdown_delay + settings.shutdown_timeout + CLOSE_TIMEOUT
    # Long enough for readiness to fail before the pod stops taking requests.
    probe = container("Deployment")["readinessProbe"]
    assert settings.shutdown_delay > probe["periodSeconds"] * probe["failureThreshold"]


def test_probes_ask_where_somebody_answers() -> None:
    probes = {
        name: container("Deployment")[f"{name}Probe"]["httpGet"]["path"]
        for name in ("startup", "liveness", "readiness")
    }

    assert probes == {
        "startup": "/livez",
        "liveness": "/livez",
        "readiness": "/api/healthchecker",
    }
    scraped = template("Deployment")["metadata"]["annotations"]["prometheus.io/path"]
    assert {*probes.values(), scraped} <= {route.path for route in ROUTES}


def test_the_job_migrates_and_ends() -> None:
    assert container("Job")["command"] == ["contactsvc", "migrate"]
    assert template("Job")["spec"]["restartPolicy"] == "Never"


def test_requests_reach_the_service_and_not_the_job() -> None:
    assert selected(OBJECTS["Service"]["spec"]["selector"]) == {"Deployment"}
    assert selected(OBJECTS["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"]) == {
        "Deployment"
    }
    assert selected(OBJECTS["Deployment"]["spec"]["selector"]["matchLabels"]) == {"Deployment"}
    [port] = OBJECTS["Service"]["spec"]["ports"]
    assert port["targetPort"] == container("Deployment")["ports"][0]["name"]


def test_the_autoscaler_says_how_many_there_are() -> None:
    spec = OBJECTS["HorizontalPodAutoscaler"]["spec"]

    assert spec["scaleTargetRef"]["name"] == OBJECTS["Deployment"]["metadata"]["name"]
    assert "replicas" not in OBJECTS["Deployment"]["spec"]
    assert spec["minReplicas"] >= 2, "one may be taken away"
    assert container("Deployment")["resources"]["requests"]["cpu"], "what the share is of"


def test_the_network_is_closed_but_for_what_is_needed() -> None:
    spec = OBJECTS["NetworkPolicy"]["spec"]

    assert selected(spec["podSelector"]["matchLabels"]) == {"Deployment", "Job"}
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    [entry] = spec["ingress"]
    assert [port["port"] for port in entry["ports"]] == [8000]
    ways_out = {port["port"] for rule in spec["egress"] for port in rule["ports"]}
    assert ways_out == {53, 5432, 6432, 6379, 25, 465, 587, 443}


def test_a_pod_that_imports_is_not_evicted() -> None:
    volumes = template("Deployment")["spec"]["volumes"]
    (tmp,) = (volume["emptyDir"] for volume in volumes if volume["name"] == "tmp")
    assert tmp["sizeLimit"] == "1Gi"
    assert UPLOADS * MAX_BYTES + AT_ONCE * MAX_READY < 1024**3
