"""What is picked by the settings, and that nothing is opened meanwhile."""

from dataclasses import replace

import pytest
from aiohttp import web

from contactsvc.app import create_app
from contactsvc.assembly import assemble, make_sender, services_of
from contactsvc.mail.folder import FolderSender
from contactsvc.mail.smtp import SmtpSender
from contactsvc.platform.settings import Settings
from contactsvc.web.keys import SERVICES
from tests.conftest import MakeClient, Person


def test_mail_goes_to_a_server_or_into_a_folder(settings: Settings) -> None:
    folder = make_sender(settings)
    server = make_sender(replace(settings, smtp_url="smtp://mail.example.com:2525"))

    assert isinstance(folder, FolderSender)
    assert folder.place == str(settings.data_dir / "mail")
    assert isinstance(server, SmtpSender)
    assert "mail.example.com:2525" in server.place


def test_making_an_application_opens_nothing(settings: Settings) -> None:
    """Not even a file: what it needs may come up after it."""
    nowhere = replace(
        settings,
        database_url="postgres://127.0.0.1:1/nowhere",
        redis_url="redis://127.0.0.1:1/0",
        data_dir=settings.data_dir / "new",
    )

    create_app(assemble(nowhere))

    assert not nowhere.data_dir.exists()


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"user_limit": "2/5minutes"}, [200, 200, 429]),
        ({}, [200, 200, 200]),
    ],
)
async def test_limits_are_those_of_the_settings(
    make_client: MakeClient, grace: Person, change: dict[str, str], wanted: list[int]
) -> None:
    grace.client = await make_client(**change)

    assert [(await grace.get("/api/users/me")).status for _ in range(3)] == wanted


def test_the_application_keeps_what_it_was_made_of_under_one_key(settings: Settings) -> None:
    services = assemble(settings)
    app = create_app(services)

    assert services_of(app) is services
    assert [key for key in app if isinstance(key, web.AppKey)] == [SERVICES]


@pytest.mark.parametrize("redis_url", [None, "redis://127.0.0.1:1/0"])
async def test_only_a_cache_that_others_share_is_used_on_a_lease(
    settings: Settings, redis_url: str | None
) -> None:
    services = assemble(replace(settings, redis_url=redis_url))
    async with services.closing():
        assert (services.lease is not None) == (redis_url is not None)
