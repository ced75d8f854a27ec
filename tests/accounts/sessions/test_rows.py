"""A session and the event of its sign-in are written in one statement, or in several."""

import asyncpg
import orjson

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.sessions.repository import SessionRepository
from tests.support.rows import statements
from tests.support.session_rows import CALLER, alive, begin


async def test_a_session_and_its_event_begin_in_one_statement(
    session_repository: SessionRepository, owner: int, pg: asyncpg.Connection
) -> None:
    with statements() as sent:
        grant = await begin(session_repository, owner)
    assert len(sent) == 1
    event = dict(await pg.fetchrow("SELECT * FROM audit_events WHERE user_id = $1", owner))
    assert orjson.loads(event.pop("data")) == {"session_id": grant.session_id}
    assert event.pop("id") > 0
    assert event == {
        "at": grant.issued_at,
        "event": Event.LOGIN_SUCCESS,
        "actor_id": owner,
        "user_id": owner,
        "ip": CALLER.ip,
        "request_id": CALLER.request_id,
    }


REFUSE_AT_ONCE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_query() LIKE '%INSERT INTO audit_events%' AND TG_TABLE_NAME = 'sessions' THEN
        RAISE SQLSTATE '0A000' USING MESSAGE = 'not in one statement';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION refuse();
"""


async def test_a_database_that_cannot_do_it_in_one_statement_does_it_in_several(
    session_repository: SessionRepository, owner: int, pg: asyncpg.Connection
) -> None:
    await pg.execute(REFUSE_AT_ONCE)
    try:
        grant = await begin(session_repository, owner)
    finally:
        await pg.execute("DROP FUNCTION refuse CASCADE")
    assert await alive(pg, owner) == [grant.session_id]
    [event] = await pg.fetch("SELECT * FROM audit_events")
    assert (event["event"], event["user_id"]) == (Event.LOGIN_SUCCESS, owner)
    assert orjson.loads(event["data"]) == {"session_id": grant.session_id}
