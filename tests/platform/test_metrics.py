"""Metrics of one process, and of several that share a folder, as real processes of their own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contactsvc.contacts.reminders.service import Result
from contactsvc.platform import metrics
from contactsvc.platform.redis.throttle import Policy
from tests.support.scrapes import Scrape
from tests.support.waiting import PATIENCE

WORKER = """
from contactsvc.platform import metrics
metrics.HTTP_ACTIVE.inc(2)
metrics.DB_POOL_TIMEOUTS.inc(3)
metrics.HTTP_DURATION.labels("GET", "/livez", 200).observe(0.004)
print("counted", flush=True)
input()
"""
RENDER = """
import sys
from contactsvc.platform import metrics
sys.stdout.buffer.write(metrics.render())
"""
FORK = """
import os, sys
from contactsvc.platform import metrics
metrics.HTTP_ACTIVE.inc()
metrics.DB_POOL_TIMEOUTS.inc()
for _ in range(2):
    if not (pid := os.fork()):
        metrics.HTTP_ACTIVE.inc()
        metrics.DB_POOL_TIMEOUTS.inc()
        metrics.LOGIN_FAILURES.labels("invalid_credentials").inc()
        os._exit(0)
    os.waitpid(pid, 0)
    metrics.forget(pid)
sys.stdout.buffer.write(metrics.render())
"""


def run(folder: Path, *program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", *program],
        env={"PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": ":".join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def output(folder: Path, *program: str) -> str:
    with run(folder, *program) as process:
        printed, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    return printed


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has counted and lives on."""
    with run(folder, WORKER) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "counted\n"
        yield process
        process.kill()


@pytest.mark.process
def test_several_processes_are_added_up_and_a_dead_one_leaves_the_gauges(tmp_path: Path) -> None:
    with worker(tmp_path) as first, worker(tmp_path):
        scraped = Scrape(output(tmp_path, RENDER))
        assert scraped.value("http_server_active_requests") == 4
        assert scraped.value("db_pool_timeouts_total") == 6
        name = "http_server_request_duration_seconds"
        assert scraped.value(f"{name}_count", route="/livez") == 2
        assert scraped.value(f"{name}_bucket", route="/livez", le="0.0025") == 0
        assert scraped.value(f"{name}_bucket", route="/livez", le="0.005") == 2
        assert scraped.value("contactsvc_build_info") == 1
        assert not [labels for _, labels in scraped.series if "pid" in dict(labels)]

        first.kill()
        first.wait()
        forget = f"from contactsvc.platform import metrics; metrics.forget({first.pid})"
        assert output(tmp_path, forget) == ""

        scraped = Scrape(output(tmp_path, RENDER))
        assert scraped.value("http_server_active_requests") == 2
        assert scraped.value("db_pool_timeouts_total") == 6


@pytest.mark.process
def test_files_that_a_worker_has_not_filled_are_passed_over(tmp_path: Path) -> None:
    with worker(tmp_path) as counting:
        names = [file.name for file in tmp_path.iterdir()]
        assert len(names) > 3
        for name in names:
            (tmp_path / name.replace(str(counting.pid), "begun")).touch()
        # As one of a worker that is forgotten meanwhile: found, and then not there.
        (tmp_path / "gauge_livesum_forgotten.db").symlink_to(tmp_path / "nowhere")

        scraped = Scrape(output(tmp_path, RENDER))

    assert scraped.value("http_server_active_requests") == 2
    assert scraped.value("db_pool_timeouts_total") == 3
    assert scraped.value("contactsvc_build_info") == 1


@pytest.mark.process
def test_processes_that_are_forked_count_for_themselves(tmp_path: Path) -> None:
    scraped = Scrape(output(tmp_path, FORK))

    assert scraped.value("http_server_active_requests") == 1
    assert scraped.value("db_pool_timeouts_total") == 3
    assert scraped.value("login_failures_total", reason="invalid_credentials") == 2
    assert scraped.value("contactsvc_build_info") == 1


@pytest.mark.own_app
@pytest.mark.usefixtures("no_requests_yet")
def test_one_process_alone_has_nobody_to_forget() -> None:
    before = metrics.render()
    metrics.forget(1)
    assert metrics.render() == before


@pytest.mark.usefixtures("no_requests_yet")
def test_what_may_happen_is_told_before_it_has() -> None:
    """A counter that appears with its first event hides that event from rate()."""
    scraped = Scrape(metrics.render().decode())

    def values(name: str, label: str) -> set[str]:
        return {s.labels[label] for s in scraped.samples if s.name == name}

    assert values("throttled_requests_total", "policy") == set(Policy)
    assert values("user_cache_requests_total", "result") == {"hit", "miss", "away"}
    assert values("db_pool_connections", "state") == {"used", "idle"}
    assert values("outbox_deliveries_total", "result") == {"sent", "skipped", "retried", "dead"}
    assert values("birthday_reminders_total", "result") == set(Result)
    assert values("login_failures_total", "reason") == {
        "invalid_credentials",
        "account_disabled",
        "email_not_confirmed",
        "app_password",
    }


@pytest.mark.usefixtures("no_requests_yet")
def test_every_metric_is_named_as_prometheus_likes_it() -> None:
    families = {family.name: family for family in Scrape(metrics.render().decode()).families}

    for name, family in families.items():
        assert family.documentation.endswith("."), name
        # The parser takes _total off the names of counters.
        assert name.endswith("_seconds") == (family.type == "histogram"), name
        assert family.type in {"counter", "gauge", "histogram"}
