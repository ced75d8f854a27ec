"""Which accounts an administrator's filter lets through."""

import asyncpg
import pytest

from contactsvc.accounts.users.filter import UserFilter
from contactsvc.accounts.users.model import Role, User
from tests.support.accounts import add_account

pytestmark = pytest.mark.usefixtures("orm")

EVERYBODY = ["ada@example.com", "grace@example.com", "linus@example.org"]


async def test_what_is_asked_for_must_all_be_so(
    pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    await add_account(pg, EVERYBODY[0], name="Ada", name_key="ada lovelace", role="admin")
    await add_account(pg, EVERYBODY[1], name_key="grace hopper", is_active=False)
    await add_account(pg, EVERYBODY[2], name_key="", confirmed=False)
    for wanted, found in (
        (UserFilter(), EVERYBODY),
        (UserFilter("LOVELACE"), EVERYBODY[:1]),
        (UserFilter("hopper example.com"), EVERYBODY[1:2]),
        (UserFilter("%"), []),
        (UserFilter(role=Role.ADMIN), EVERYBODY[:1]),
        (UserFilter(role=Role.USER, is_active=True), EVERYBODY[2:]),
        (UserFilter(is_active=False), EVERYBODY[1:2]),
        (UserFilter(confirmed=False), EVERYBODY[2:]),
        (UserFilter("ada", confirmed=False), []),
    ):
        with subtests.test(wanted=wanted):
            rows = await User.filter(wanted.condition()).order_by("id")
            assert [row.email for row in rows] == found
