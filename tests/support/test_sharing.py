"""Who has an application of their own has no other beside it."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from contactsvc.platform.settings import Settings
from tests.conftest import Client, MakeClient
from tests.support.shared_service import SharedService


@pytest.fixture(scope="module")
def used_before(shared_service: SharedService, postgres_url: str) -> SharedService:
    """The application as tests before have left it: what a module has is set up first."""
    secret_key = "kY3-for-tests-only_0123456789abcdef"
    shared_service.server(
        Settings(data_dir=shared_service.folder, database_url=postgres_url, secret_key=secret_key)
    )
    assert shared_service.is_running
    return shared_service


async def test_an_application_of_ones_own_is_alone(
    used_before: SharedService, make_client: MakeClient
) -> None:
    """Else the mail that it is to send might be sent by the other one's worker."""
    await make_client()

    assert not used_before.is_running


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(example=st.booleans())
def test_examples_are_made_with_no_application_beside(shares_app: bool, example: bool) -> None:
    """Numbers of ``random`` that another thread draws meanwhile would fail the test."""
    assert not shares_app, example


async def test_a_client_is_one_of_the_shared_application(
    client: Client, shared_service: SharedService, settings: Settings
) -> None:
    assert client.port == shared_service.server(settings).port
