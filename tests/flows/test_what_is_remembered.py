"""What is worked out once and remembered has a bound wherever a client chooses what is asked."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

import contactsvc
from contactsvc.accounts.current_user import cache
from contactsvc.platform.text import phone_numbers, search_keys, sort_keys
from contactsvc.web.middleware import client_address, negotiation, validation
from contactsvc.web.schemas import QuerySchema

UNBOUNDED: Final = {
    "contactsvc.platform.clock.time_zones",
    "contactsvc.platform.database.migration_state.available",
    "contactsvc.platform.text.sort_keys.collator",
    "contactsvc.platform.text.sort_keys._ascii_levels",
    "contactsvc.platform.settings.regions.regions",
    "contactsvc.web.middleware.client_address._networks",
    "contactsvc.web.middleware.headers.constant_headers",
    "contactsvc.web.openapi._document",
    "contactsvc.mail.renderer._templates",
}
"""What only settings and the code itself ask for."""

MOST: Final = 4096
"""Answers that one function remembers; one is as long as a header line at the most, of 8 KiB."""


def remembering() -> Iterator[tuple[str, Any]]:
    """Go through all functions of the service that remember their answers."""
    for module in pkgutil.walk_packages(contactsvc.__path__, "contactsvc."):
        if module.name.endswith("__main__"):
            continue
        for function in vars(importlib.import_module(module.name)).values():
            if hasattr(function, "cache_parameters") and function.__module__ == module.name:
                yield f"{module.name}.{function.__name__}", function


def test_what_clients_ask_for_is_remembered_within_bounds() -> None:
    bounds = {name: function.cache_parameters()["maxsize"] for name, function in remembering()}

    assert {name for name, bound in bounds.items() if bound is None} == UNBOUNDED
    assert max(bound for bound in bounds.values() if bound is not None) <= MOST


NUMBER = phone_numbers.Phone("020 7946 0958", None)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (negotiation.accepts, ("text/html, */*;q=0.1", ("application/json",))),
        (client_address._normal, ("2001:DB8::7",)),
        (client_address._address, ("2001:DB8::7",)),
        (validation._load_kept_query, (QuerySchema(), "")),
        (phone_numbers.search_text, (NUMBER, "GB")),
        (phone_numbers._valid, (NUMBER.value, "GB")),
        (search_keys._domain_key, ("b\u00fccher.example",)),
        (search_keys._plain_character, ("\u00e9",)),
        (sort_keys._levels, ("Lovelace",)),
        (cache._load, (b"copy", b"run")),
    ],
    ids=lambda given: getattr(given, "__name__", None),
)
def test_it_is_worked_out_once(function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    function(*arguments)
    remembered: Any = function
    before = remembered.cache_info()
    function(*arguments)
    assert remembered.cache_info() == before._replace(hits=before.hits + 1)
