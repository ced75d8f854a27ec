"""What PostgreSQL holds of reminders."""

import pytest

from contactsvc.contacts.reminders import repository
from contactsvc.contacts.reminders.repository import Setting
from contactsvc.platform.errors import Unauthenticated

SETTING = Setting(days_before=[0], hour=8, tz="UTC", enabled=False)


@pytest.mark.usefixtures("orm")
async def test_nothing_is_kept_for_who_has_just_left() -> None:
    assert await repository.find(404) is None
    with pytest.raises(Unauthenticated):
        await repository.store(404, SETTING, None)
