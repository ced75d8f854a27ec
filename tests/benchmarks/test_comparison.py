import pytest

from benchmarks.calls import ADD, ME, ONE, PAGE, Call, difference
from benchmarks.comparison import SIGN_IN, Result, Row, rows
from benchmarks.machine import busy_share


def test_a_row_has_the_medians_of_its_request() -> None:
    rounds = [
        [
            (Result(100, 4, 0.001 * n, 50), Result(80, 5, 0.002 * n, 90)),
            (Result(10, 0, 0.1, 0), Result(9, 1, 0.1 + n, 100)),
        ]
        for n in (1, 3, 2)
    ]
    first, second = rows([ME, SIGN_IN], rounds)
    assert first == Row(ME, Result(100, 4, 0.002, 50), Result(80, 5, 0.004, 90))
    assert (first.throughput, first.cpu, first.p99) == (0.8, 0.5, 1.25)
    assert second.service.cpu == 2.1
    assert second.p99 == 0  # there is no p99 of a hash


def test_what_is_wanted_and_missed_is_told() -> None:
    floor = Result(1000, 10, 0.001, 50)
    good = Row(ME, floor, Result(850, 15, 0.001, 50))
    assert list(good.missed()) == []
    bad = Row(ME, floor, Result(849, 15.1, 0.001, 50))
    assert [line.partition(",")[0] for line in bad.missed()] == [
        "me: throughput 0.85",
        "me: p99 1.51 times the floor's",
    ]


def test_the_share_of_a_busy_machine() -> None:
    before = "cpu  100 0 100 800 10 0 0 0 0 0"
    assert busy_share(before, "cpu  110 0 110 870 20 0 0 0 0 0") == pytest.approx(0.2)
    stolen = "cpu  100 0 100 850 10 0 0 50 0 0"
    assert busy_share(before, stolen) == pytest.approx(0.5)


CONTACT = b'{"id":7,"first_name":"Ada","created_at":"2026-01-01T00:00:00Z"}'
OTHER = b'{"id":8,"first_name":"Ada","created_at":"2026-01-02T00:00:00Z"}'
PAGE_OF_ONE = b'{"items":[%b],"next_cursor":%b}'


@pytest.mark.parametrize(
    ("call", "floor", "service", "differs"),
    [
        (ONE, CONTACT, CONTACT, False),
        (ONE, CONTACT, OTHER, True),
        (ONE, CONTACT, CONTACT.replace(b",", b", "), True),
        (ADD, CONTACT, OTHER, False),
        (ADD, CONTACT, CONTACT.replace(b"Ada", b"Eve"), True),
        (ADD, b'{"a":1,"b":2}', b'{"b":2,"a":1}', True),
        (PAGE, PAGE_OF_ONE % (CONTACT, b'"x"'), PAGE_OF_ONE % (CONTACT, b'"y"'), False),
        (PAGE, PAGE_OF_ONE % (CONTACT, b'"x"'), PAGE_OF_ONE % (OTHER, b'"x"'), True),
        (PAGE, PAGE_OF_ONE % (CONTACT, b'"x"'), PAGE_OF_ONE % (CONTACT, b'"x","total":1'), True),
    ],
)
def test_answers_are_compared(call: Call, floor: bytes, service: bytes, differs: bool) -> None:
    assert (difference(call, floor, service) is not None) == differs
