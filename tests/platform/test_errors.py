"""Domain errors: each has a code, words for a person, and a place in the table of answers."""

import inspect

import pytest

from contactsvc.platform import errors
from contactsvc.platform.errors import FieldError, ServiceError, Unavailable, ValidationFailed
from contactsvc.web.problems import PROBLEMS

EVERY_ERROR = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, ServiceError) and cls is not ServiceError
]


@pytest.mark.parametrize("error", EVERY_ERROR)
def test_every_error_can_be_answered(error: type[ServiceError]) -> None:
    status, title = PROBLEMS[error.code]
    assert 400 <= status <= 503
    assert title
    assert error.default_detail.endswith(".")


def test_every_code_is_of_one_error_and_its_kinds_alone() -> None:
    codes = [error.code for error in EVERY_ERROR if error.__base__ is ServiceError]
    assert len(codes) == len(set(codes))


def test_a_detail_may_be_given() -> None:
    assert errors.NotFound("No such thing.").detail == "No such thing."
    assert errors.NotFound().detail == str(errors.NotFound()) == errors.NotFound.default_detail


def test_a_value_that_does_not_fit() -> None:
    assert ValidationFailed.of("/a", "Wrong.").errors == [FieldError("/a", "Wrong.")]


def test_what_is_away() -> None:
    assert Unavailable("Away.", {"database": "away"}).checks == {"database": "away"}
    assert Unavailable().checks is None


def test_the_words_of_a_part_are_for_its_operator() -> None:
    error = errors.Misconfigured("It cannot be used.", reason='role "ada" does not exist')
    assert error.detail == "It cannot be used."
    assert str(error) == 'It cannot be used. (role "ada" does not exist)'
