"""Confirmation of an e-mail that somebody signed in has asked for in place of their own."""

from tests.accounts.registration.test_views import BROWSER, EMAIL, PROGRAM, login_status
from tests.conftest import PASSWORD, MakePerson, problem
from tests.support.mailbox import Mailbox, text


async def test_a_changed_e_mail_counts_once_confirmed(
    make_person: MakePerson, mailbox: Mailbox
) -> None:
    grace = await make_person()
    body = {"email": "admiral@example.com", "password": PASSWORD}

    assert (await grace.post("/api/users/me/email", json=body)).status == 202

    notice = await mailbox.next(EMAIL)
    assert "https://" not in text(notice), "the notice to the old address has no link to use"
    path = await mailbox.link("admiral@example.com")
    assert (await (await grace.get("/api/users/me")).json())["email"] == EMAIL

    page = await grace.client.post(path, data={"password": "a wrong guess"}, headers=BROWSER)
    assert page.status == 401, "a stranger who asked for this address does not get it by mistake"
    assert EMAIL not in await page.text()
    assert (await grace.client.get(path, headers=PROGRAM)).status == 200
    grace.email = "admiral@example.com"
    await grace.sign_in()
    assert (await (await grace.get("/api/users/me")).json())["email"] == "admiral@example.com"
    assert await login_status(grace.client) == 401, "the old address signs nobody in"


async def test_an_e_mail_that_is_taken_is_not_given_away(
    make_person: MakePerson, mailbox: Mailbox
) -> None:
    grace, ada = await make_person(), await make_person("ada@example.com", "Ada")
    body = {"email": ada.email, "password": PASSWORD}

    assert (await grace.post("/api/users/me/email", json=body)).status == 202

    message = await mailbox.next(ada.email)
    assert "already have an account" in f"{message['Subject']} {text(message)}".lower()
    assert (await (await grace.get("/api/users/me")).json())["email"] == grace.email


async def test_an_e_mail_taken_meanwhile_is_a_conflict(
    make_person: MakePerson, mailbox: Mailbox
) -> None:
    grace = await make_person()
    body = {"email": "admiral@example.com", "password": PASSWORD}
    await grace.post("/api/users/me/email", json=body)
    path = await mailbox.link("admiral@example.com")
    await make_person("Admiral@example.com", "Another")

    await problem(await grace.client.post(path), 409, "email_taken")
    assert (await (await grace.get("/api/users/me")).json())["email"] == grace.email
