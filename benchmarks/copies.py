"""Fills tables with copies, which is faster than to ask the service for each row."""

from collections.abc import Sequence
from typing import Any, Final

import asyncpg

from benchmarks.calls import CONTACTS

ANEW: Final = {"uid": "gen_random_uuid()::text"}
"""What a copy has instead, by column, where values may not repeat."""

_USERS: Final = "u.email LIKE 'copy%'"


async def fill(url: str, owner: int, own: int, others: int) -> None:
    """Let an owner have ``own`` contacts and others, of whom each has CONTACTS, about ``others``.

    Copied are the owner's first CONTACTS, whose keys the service has made. Contacts that are there
    already count, and none is removed.
    """
    connection = await asyncpg.connect(url)
    try:
        have = await connection.fetchval("SELECT count(*) FROM contacts WHERE owner_id = $1", owner)
        await _copy(connection, owner, "VALUES ($1::bigint)", max(0, own - have) // CONTACTS)
        users = others // CONTACTS
        before = await connection.fetchval(f"SELECT count(*) FROM users u WHERE {_USERS}")
        if users > before:
            await _add_users(connection, owner, before, users)
            added = f"SELECT u.id FROM users u WHERE {_USERS} AND $1::bigint IS NOT NULL"
            added += " AND NOT EXISTS (SELECT FROM contacts c WHERE c.owner_id = u.id)"
            await _copy(connection, owner, added, 1)
        book = "UPDATE address_books SET contacts = NULL WHERE owner_id = $1"
        await connection.execute(book, owner)  # the service counts again
        await connection.execute("VACUUM ANALYZE contacts")
    finally:
        await connection.close()


async def add_people(url: str, owner: int, number: int) -> None:
    """Add copies of an account, ``copy0@example.com`` and so on, with the same password."""
    connection = await asyncpg.connect(url)
    try:
        await _add_users(connection, owner, 0, number)
    finally:
        await connection.close()


async def add_books(url: str, owner: int, sizes: Sequence[int]) -> list[tuple[int, str]]:
    """Add copies of an account, each with a book of so many contacts; return ids and e-mails.

    Each contact has a change of its own, in the order in which they were added.
    """
    connection = await asyncpg.connect(url)
    try:
        await _add_users(connection, owner, 0, len(sizes))
        users = await connection.fetch(f"SELECT id, email FROM users u WHERE {_USERS} ORDER BY id")
        names, values = await _columns(connection, "contacts", {"id", "owner_id", "seq"})
        for (user_id, _), size in zip(users, sizes, strict=True):
            await connection.execute(
                f"INSERT INTO contacts (owner_id, seq, {names}) SELECT $2, row_number() OVER (),"
                f" {values} FROM generate_series(1, $3 / {CONTACTS} + 1),"
                f" (SELECT * FROM contacts WHERE owner_id = $1 ORDER BY id LIMIT {CONTACTS}) t"
                " LIMIT $3",
                *(owner, user_id, size),
            )
            book = "INSERT INTO address_books (owner_id, id, name, seq) VALUES ($1, 1, '', $2)"
            await connection.execute(book, user_id, size)
        await connection.execute("VACUUM ANALYZE contacts, address_books")
        return [(user_id, email) for user_id, email in users]
    finally:
        await connection.close()


async def _copy(connection: Any, owner: int, owners: str, times: int) -> None:
    names, values = await _columns(connection, "contacts", {"id", "owner_id"})
    await connection.execute(
        f"INSERT INTO contacts (owner_id, {names}) SELECT o.id, {values} FROM ({owners}) o (id),"
        " generate_series(1, $2), (SELECT * FROM contacts WHERE owner_id = $1 ORDER BY id"
        f" LIMIT {CONTACTS}) t",
        owner,
        times,
    )


async def _add_users(connection: Any, owner: int, first: int, end: int) -> None:
    names, values = await _columns(connection, "users", {"id", "email", "email_key"})
    await connection.execute(
        f"INSERT INTO users (email, email_key, {names})"
        f" SELECT 'copy' || n || '@example.com', 'copy' || n || '@example.com', {values}"
        " FROM users t, generate_series($2::int, $3::int - 1) n WHERE t.id = $1",
        owner,
        first,
        end,
    )


async def _columns(connection: Any, table: str, without: set[str]) -> tuple[str, str]:
    """Return the names of a table's columns, and what a copy of the row ``t`` has in them."""
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
        table,
    )
    kept = [name for (name,) in rows if name not in without]
    return ", ".join(kept), ", ".join(ANEW.get(name, f"t.{name}") for name in kept)
