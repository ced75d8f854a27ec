"""How a session is named and shown."""

import pytest

from contactsvc.accounts.sessions.repository import ID_BITS, SessionRepository
from contactsvc.accounts.sessions.schemas import SessionAnswer, SessionPathSchema
from contactsvc.platform.caller import Caller
from tests.support.schemas import errors


def test_the_longest_id_names_a_session() -> None:
    longest = 2**ID_BITS - 1
    assert SessionPathSchema().load({"id": str(longest)}) == {"session_id": longest}


@pytest.mark.parametrize("path", [{"id": "0"}, {"id": "-1"}, {"id": "current"}, {}])
def test_what_names_no_session_is_refused(path: dict[str, str]) -> None:
    assert errors(SessionPathSchema(), path) == {"id"}


async def test_what_is_shown_is_what_is_listed_and_whether_it_is_this_one(owner: int) -> None:
    async def ignore(user_id: int, session_ids: list[int]) -> None:
        raise AssertionError("No session ends here.")

    sessions = SessionRepository(3600, ignore, 3600)
    await sessions.begin(owner, 1, Caller())
    [listed] = await sessions.alive(owner)
    assert set(SessionAnswer().fields) == listed.keys() | {"current"}
