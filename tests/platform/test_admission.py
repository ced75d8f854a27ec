"""So many at a time, in all and of one."""

import pytest

from contactsvc.platform.admission import Admission
from contactsvc.platform.errors import Unavailable


def test_one_has_only_some_of_the_places() -> None:
    admission = Admission(3, most_of_one=2)
    with admission.admit("ada"), admission.admit("ada"):
        with pytest.raises(Unavailable), admission.admit("ada"):
            pass
        with admission.admit("bob"), pytest.raises(Unavailable), admission.admit("eve"):
            pass
        with admission.admit("eve"):
            pass


def test_a_place_is_given_back_after_an_error_and_nothing_is_kept() -> None:
    admission = Admission(1, most_of_one=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), admission.admit("ada"):
            raise ZeroDivisionError
    with admission.admit("bob"):
        pass
    assert not admission._admitted
