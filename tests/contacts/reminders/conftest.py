"""The clock of birthday reminders."""

from datetime import UTC, datetime

import pytest

from tests.contacts.reminders.support import Freeze


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch) -> Freeze:
    """Stop the clock of reminders, in UTC; tokens go by the real one."""

    def stop(moment: str) -> None:
        stopped = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        monkeypatch.setattr("contactsvc.contacts.reminders.service.now", lambda: stopped)

    return stop
