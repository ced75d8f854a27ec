"""Rows in the binary format of COPY, made where the event loop need not wait for them.

The format is that of PostgreSQL's documentation, SQL COPY, "Binary Format"; a value is what the
receive function of its type reads. A column must have the very type that a value is made for.
"""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import orjson

_BEGIN: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_NULL: Final = b"\xff\xff\xff\xff"
_EMPTY: Final = bytes(4)
_JSONB_VERSION: Final = b"\1"
_OID_OF_TEXT: Final = 25
_OID_OF_BIGINT: Final = 20
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_size: Final = struct.Struct(">i").pack
_smallint: Final = struct.Struct(">ih").pack
_int: Final = struct.Struct(">ii").pack
_bigint: Final = struct.Struct(">iq").pack
_array_head: Final = struct.Struct(">iiIii").pack

Encoder = Callable[[Any], bytes]
"""Makes what COPY takes of a value; None is NULL."""


def _bytes(value: bytes | None) -> bytes:
    return _NULL if value is None else _size(len(value)) + value


def _text(value: str | None) -> bytes:
    if not value:
        return _NULL if value is None else _EMPTY
    data = value.encode()
    return _size(len(data)) + data


def _array(oid: int, encode: Callable[[Any], bytes], values: Sequence[Any] | None) -> bytes:
    """Return an array of one dimension, which begins with 1; an empty one has no dimension."""
    if values is None:
        return _NULL
    if not values:
        return _bytes(_array_head(0, 0, oid, 0, 0)[:12])
    head = _array_head(1, 0, oid, len(values), 1)
    return _bytes(head + b"".join(map(encode, values)))


def _json(value: Any) -> bytes:
    return _NULL if value is None else _bytes(_JSONB_VERSION + orjson.dumps(value))


def _moment(value: datetime | None) -> bytes:
    return _NULL if value is None else _bigint(8, (value - _EPOCH) // _MICROSECOND)


def _packed(pack: Callable[[int, Any], bytes], size: int) -> Encoder:
    return lambda value: _NULL if value is None else pack(size, value)


ENCODERS: Final[Mapping[str, Encoder]] = {
    "TEXT": _text,
    "VARCHAR": _text,
    'TEXT COLLATE "C"': _text,
    "TEXT[]": partial(_array, _OID_OF_TEXT, _text),
    "BIGINT[]": partial(_array, _OID_OF_BIGINT, partial(_bigint, 8)),
    "BYTEA": _bytes,
    "JSONB": _json,
    "BOOL": _packed(struct.Struct(">i?").pack, 1),
    "SMALLINT": _packed(_smallint, 2),
    "INT": _packed(_int, 4),
    "BIGINT": _packed(_bigint, 8),
    "TIMESTAMPTZ": _moment,
}
"""By SQL types; JSONB takes an object, TIMESTAMPTZ a time with its zone."""


def begin_of_row(columns: int) -> bytes:
    """Return what stands before the values of a row that has so many."""
    return struct.pack(">h", columns)


def whole(rows: Iterable[bytes]) -> bytes:
    """Return all that COPY takes: rows, each of them the values behind :func:`begin_of_row`."""
    return b"".join([_BEGIN, *rows, _END])
