"""The dashboard, the alerts and the page about them speak of metrics that there are."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.conftest import Client, Person
from tests.support.scrapes import Scrape, scrape

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy/grafana/dashboard.json"
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
PAGE = ROOT / "docs/how-to/monitor.rst"

Json = dict[str, Any]

PROMETHEUS_OWN = {"up"}
SELECTOR = re.compile(r"([a-z_:]+)\{([^}]*)\}")
LABEL = re.compile(r'([a-z_]+)(?:=~|!~|!=|=)"')
GROUPING = re.compile(r"\b(?:by|on|without) \(([^)]*)\)")
METRIC = re.compile(
    r"\b(?:http|db|user|password|login|throttled|outbox|imported|birthday|contactsvc)_[a-z_]+\b"
)
TARGET_LABELS = {"job", "instance"}
RESULT_LABELS = {"le"}

ROW = re.compile(r"^   \* - ``(\w+)``\n     - (\w+)\n     -(.*)\n", re.MULTILINE)
RULE = re.compile(r"^      - alert: (\w+)$", re.MULTILINE)
EXPRESSION = re.compile(r"^        expr: (?:\|\n((?: {10,}.*\n)+)|(.+)\n)", re.MULTILINE)


def dashboard() -> Json:
    found: Json = orjson.loads(DASHBOARD.read_bytes())
    return found


def alert_expressions() -> list[str]:
    return [long or short for long, short in EXPRESSION.findall(ALERTS.read_text())]


def dashboard_expressions() -> Iterator[str]:
    for panel in dashboard()["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    yield from (
        variable["definition"]
        for variable in dashboard()["templating"]["list"]
        if variable["type"] == "query"
    )


EXPRESSIONS = [*dashboard_expressions(), *alert_expressions()]


@pytest.fixture
async def scraped(no_requests_yet: None, client: Client, grace: Person) -> Scrape:
    """A scrape of a service that has answered something."""
    return await scrape(client)


def test_there_is_an_expression_for_each_rule() -> None:
    rules = RULE.findall(ALERTS.read_text())
    assert len(rules) == len(set(rules)) == len(alert_expressions()) >= 5


def test_an_expression_asks_for_what_is_told(scraped: Scrape, subtests: pytest.Subtests) -> None:
    for expression in EXPRESSIONS:
        with subtests.test(expression=expression):
            names = set(METRIC.findall(expression))
            assert names or "up" in expression
            assert names <= scraped.names

            labels = {
                label for name, labels in scraped.series for label, _ in labels if name in names
            }
            asked = {
                label
                for _, inside in SELECTOR.findall(expression)
                for label in LABEL.findall(inside)
            }
            grouped = {
                label.strip()
                for inside in GROUPING.findall(expression)
                for label in inside.split(",")
            }
            assert asked | grouped <= labels | TARGET_LABELS | RESULT_LABELS
            # Every metric of a selector is one of ours, or Prometheus' own.
            assert {name for name, _ in SELECTOR.findall(expression)} <= names | PROMETHEUS_OWN


def test_everything_that_is_told_is_on_the_dashboard(scraped: Scrape) -> None:
    shown = {name for expression in dashboard_expressions() for name in METRIC.findall(expression)}

    def is_shown(family: str) -> bool:
        return any(name.startswith(family) for name in shown)

    assert [family.name for family in scraped.families if not is_shown(family.name)] == []


def test_the_page_has_every_metric_with_its_type_and_labels(scraped: Scrape) -> None:
    told = {
        name: (kind, tuple(re.findall(r"``(\w+)``", labels)))
        for name, kind, labels in ROW.findall(PAGE.read_text())
    }

    def labels(name: str) -> set[str]:
        return {
            label
            for sample, found in scraped.series
            for label, _ in found
            if sample in (name, f"{name}_count")
        }

    # The parser takes _total off the names of counters.
    there = {
        f"{family.name}_total" if family.type == "counter" else family.name: family.type
        for family in scraped.families
    }
    assert {name: kind for name, (kind, _) in told.items()} == there
    for name, (_, told_labels) in told.items():
        assert set(told_labels) == labels(name), name


def test_the_page_has_every_alert() -> None:
    told = re.findall(r"^   \* - ``(Contactsvc\w+)``$", PAGE.read_text(), re.MULTILINE)

    assert told == RULE.findall(ALERTS.read_text())


def test_an_alert_says_how_bad_it_is_and_what_to_do() -> None:
    rules = re.split(r"^      - alert: ", ALERTS.read_text(), flags=re.MULTILINE)[1:]

    for rule in rules:
        assert re.search(r"severity: (page|ticket)\n", rule), rule
        assert re.search(r"summary: \".+\"\n +description: \".+\.\"\n", rule), rule


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    panels = dashboard()["panels"]
    ids = [panel["id"] for panel in panels]
    assert len(ids) == len(set(ids))

    boxes = [panel["gridPos"] for panel in panels]
    assert all(box["x"] >= 0 and box["x"] + box["w"] <= 24 for box in boxes)
    overlapping = [
        (one, other)
        for one, other in combinations(boxes, 2)
        if one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    ]
    assert overlapping == []


def test_every_panel_says_what_it_shows_in_which_unit_and_asks_the_chosen_prometheus() -> None:
    for panel in dashboard()["panels"]:
        assert panel["title"]
        if panel["type"] == "row":
            continue
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["targets"], panel["title"]
        for source in (panel["datasource"], *(t["datasource"] for t in panel["targets"])):
            assert source == {"type": "prometheus", "uid": "${datasource}"}
        references = [target["refId"] for target in panel["targets"]]
        assert len(references) == len(set(references))


def test_a_dashboard_can_be_imported_anywhere() -> None:
    found = dashboard()
    assert found["schemaVersion"] >= 41
    assert "id" not in found  # Grafana's own number of it
    assert "__inputs" not in found  # it asks for nothing
    names = {variable["name"] for variable in found["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", " ".join(EXPRESSIONS)))
    assert used <= names | {"__rate_interval"}
