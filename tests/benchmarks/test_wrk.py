import pytest

from benchmarks.wrk import Load, parse

PRINTED = """Running 5s test @ http://127.0.0.1:28658/api/contacts/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     4.06ms  402.56us   1.96s    68.42%
    Req/Sec    26.76     12.52    50.00     70.59%
  Latency Distribution
     50%  888.28us
     75%    1.31ms
     90%    1.74ms
     99%    1.96s {}
  5210 requests in 5.02s, 678.29KB read
{}Requests/sec:   1037.21
Transfer/sec:    224.53KB
"""


def test_rates_and_latencies_are_read() -> None:
    assert parse(PRINTED.format("", "")) == Load(5210, 1037.21, 0.88828, 1960.0, 0)


def test_what_failed_is_counted() -> None:
    errors = "  Socket errors: connect 1, read 2, write 3, timeout 4\n"
    assert parse(PRINTED.format(" ", errors)).failures == 10
    answers = "  Non-2xx or 3xx responses: 31\n"
    assert parse(PRINTED.format("", errors + answers)).failures == 41


def test_other_text_is_refused() -> None:
    with pytest.raises(ValueError, match="wrk has printed no"):
        parse("unable to connect to 127.0.0.1:1 Connection refused")
