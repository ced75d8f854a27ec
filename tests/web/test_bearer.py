"""A bearer token is read as RFC 6750 has it, and nothing else passes for one."""

import pytest
from aiohttp.test_utils import make_mocked_request

from contactsvc.platform.errors import Unauthenticated
from contactsvc.web.bearer import bearer_of


def bearer(header: str | None) -> str:
    headers = {} if header is None else {"Authorization": header}
    return bearer_of(make_mocked_request("GET", "/", headers))


@pytest.mark.parametrize(
    "header", ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "Bearer   a.b.c "]
)
def test_a_bearer_token_is_read(header: str) -> None:
    assert bearer(header) == "a.b.c"


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "a.b.c", "Basic a.b.c", "Bearera.b.c", "Bearer\ta.b.c"],
)
def test_without_a_bearer_token_nobody_is_known(header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        bearer(header)
