"""A process that is told to stop says so once."""

import logging

import pytest

from contactsvc.web.draining import Draining


def test_a_process_serves_until_it_is_told_to_stop(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    draining = Draining()
    before, told = draining.is_on, list(caplog.messages)

    draining.begin(2.5)

    assert (before, told) == (False, [])
    assert draining.is_on
    assert caplog.messages == ["Told to stop: requests are still served for 2.5 s."]
    assert not Draining().is_on, "each application has its own"
