"""Accounts that nobody has confirmed or used, which are deleted after a time."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from contactsvc.accounts.app_passwords.model import AppPassword
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.belongings import Belongings
from contactsvc.accounts.registration.model import Registration
from contactsvc.accounts.sessions.model import Session
from contactsvc.accounts.users.model import Role, User
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.batches import BATCH
from contactsvc.platform.database.transactions import transaction


async def purge(before: datetime, belongings: Belongings) -> int:
    """Delete accounts created before a time that nobody has confirmed or used; return their number.

    Where REQUIRE_CONFIRMED_EMAIL is false an account may be used without being confirmed. One that
    has a session, an app password or a contact stays, and so does one whose e-mail has a
    registration that was last asked for after that time. Links do not count: a taken e-mail gets
    none, and must look the same.
    """
    count, last = 0, 0
    old = User.filter(confirmed=False, role=Role.USER, avatar=None, created_at__lt=before)
    while ids := await old.filter(id__gt=last).order_by("id").limit(BATCH).values_list("id"):
        last = int(str(ids[-1][0]))
        count += await _delete([int(str(user_id)) for (user_id,) in ids], before, belongings)
    return count


async def is_used(user_id: int, belongings: Belongings) -> bool:
    """Return whether an account has a session, an app password or data."""
    return bool(await _used({user_id}, belongings))


async def _used(user_ids: Collection[int], belongings: Belongings) -> set[int]:
    owners: set[int] = await belongings.owners_among(user_ids)
    for credentials in (Session, AppPassword):
        found = credentials.filter(user_id__in=user_ids).values_list("user_id", flat=True)
        owners |= set(cast(list[int], await found))
    return owners


async def _delete(user_ids: Collection[int], before: datetime, belongings: Belongings) -> int:
    async with transaction():
        # A request that is confirming or signing in has locked the row, or will not find it.
        held = User.filter(id__in=user_ids, confirmed=False).select_for_update(skip_locked=True)
        found = {user.id: user.email_key for user in await held.only("id", "email_key")}
        waiting = Registration.filter(email_key__in=found.values(), asked_at__gte=before)
        awaited = {each.email_key for each in await waiting.only("id", "email_key")}
        used = await _used(found.keys(), belongings)
        unused = {i for i, key in found.items() if key not in awaited and i not in used}
        if unused:
            await User.filter(id__in=unused).delete()
        for user_id in sorted(unused):
            await record(Event.USER_DELETED, Caller(), user_id=user_id, by="retention")
    return len(unused)
