import asyncio.streams
import json
import logging
import sys
from pathlib import Path
from types import ModuleType

import aiohttp.web_protocol
import asyncpg.pool
import jwt.api_jws
import marshmallow.schema
import pypika_tortoise.queries
import pytest
import redis.asyncio.connection
import tortoise.queryset
from jwt.algorithms import NoneAlgorithm

import contactsvc.contacts.views
import contactsvc.platform.database.client
import contactsvc.web.middleware.client_address
import contactsvc.web.middleware.errors
from benchmarks import floor
from benchmarks.cpu_profile import shares
from benchmarks.layers import LAYERS, REST, Layers, layer_of_file, relative

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("module", "layer"),
    [
        (aiohttp.web, "event loop, sockets"),
        (aiohttp.web_protocol, "aiohttp"),
        (asyncio.streams, "redis-py"),
        (redis.asyncio.connection, "redis-py"),
        (asyncpg.pool, "asyncpg"),
        (jwt.api_jws, "PyJWT"),
        (marshmallow.schema, "validation, phone"),
        (pypika_tortoise.queries, "Tortoise, pypika"),
        (tortoise.queryset, "Tortoise, pypika"),
        (logging, "access log"),
        (contactsvc.contacts.views, "view"),
        (floor, "view"),
        (contactsvc.platform.database.client, "our client, watch"),
        (contactsvc.web.middleware.client_address, "client address, request id"),
        (contactsvc.web.middleware.errors, "other middleware"),
        (json, None),
    ],
    ids=str,
)
def test_files_belong_to_layers(module: ModuleType, layer: str | None) -> None:
    assert module.__file__ is not None
    assert layer_of_file(relative(module.__file__)) == layer


@pytest.mark.parametrize("layer", dict(LAYERS))
def test_files_of_the_project_are_there(layer: str) -> None:
    own = [name for name in dict(LAYERS)[layer] if name.startswith(("benchmarks/", "contactsvc/"))]
    assert [name for name in own if not (ROOT / name).exists()] == []


def test_a_frame_counts_for_the_layer_that_has_called_it() -> None:
    found = []

    class Key(str):
        __slots__ = ()

        def __hash__(self) -> int:
            found.append(Layers().of(sys._getframe()))
            return super().__hash__()

    relative_to_nobody = Layers().of(sys._getframe())
    jwt.api_jws.PyJWS().register_algorithm(Key("none?"), NoneAlgorithm())
    assert relative_to_nobody == (REST, "-")
    assert {layer for layer, _ in found} == {"PyJWT"}


def test_the_cost_is_divided_by_samples() -> None:
    rows = [("aiohttp", "a", 1), ("aiohttp", "b", 2), ("view", "c", 1)]
    layers, functions = shares(rows, 100.0)
    assert layers == {"aiohttp": 75.0, "view": 25.0}
    assert sum(functions.values()) == 100.0


def test_without_samples_nothing_is_divided() -> None:
    assert shares([], 100.0) == ({}, {})
