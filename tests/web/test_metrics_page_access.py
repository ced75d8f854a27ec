"""Who may read the metrics, where a token keeps others away."""

import pytest

from tests.conftest import MakeClient, Person, problem
from tests.support.scrapes import REQUESTS

TOKEN = "prometheus-0123456789"

pytestmark = pytest.mark.usefixtures("no_requests_yet")


async def test_the_token_of_prometheus(make_client: MakeClient, subtests: pytest.Subtests) -> None:
    client = await make_client(metrics_token=TOKEN)
    for headers in [
        {},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": "Bearer \xe9\u2603"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"X-Metrics-Token": TOKEN},
    ]:
        for method in ["GET", "HEAD"]:
            with subtests.test(headers=headers, method=method):
                response = await client.request(method, "/metrics", headers=headers)

                assert response.headers["WWW-Authenticate"] == "Bearer"
                if method == "GET":
                    await problem(response, 401, "unauthenticated")
                assert response.status == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
async def test_with_the_token_the_metrics_are_told(make_client: MakeClient, scheme: str) -> None:
    client = await make_client(metrics_token=TOKEN)
    await client.get("/livez")
    response = await client.get("/metrics", headers={"Authorization": f"{scheme} {TOKEN}"})
    assert response.status == 200
    assert REQUESTS in await response.text()


async def test_nobodys_access_token_opens_it(make_client: MakeClient, grace: Person) -> None:
    client = await make_client(metrics_token=TOKEN)
    response = await client.get("/metrics", headers=grace.headers)
    await problem(response, 401, "unauthenticated")
