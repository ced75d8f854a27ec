"""The form of an answer is the one that Accept likes most."""

import pytest

from contactsvc.web.accept import Form, preferred

JSON, NEW, OLD = Form("application/json"), Form("text/vcard", "4.0"), Form("text/vcard", "3.0")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", JSON),
        ("application/json", JSON),
        ("APPLICATION/*", JSON),
        ("text/vcard", NEW),
        ("text/*", NEW),
        ("text/vcard;version=3.0", OLD),
        ('text/vcard; version="3.0"; q=0.5', OLD),
        ("text/vcard;version=4.0;q=0.4, text/vcard;version=3.0", OLD),
        ("text/vcard;version=3.0, text/vcard", OLD),
        ("text/vcard;version=3.0;q=0.5, text/vcard", NEW),
        ("text/vcard;q=0.5, application/json", JSON),
        ("text/vcard, */*;q=0.1", NEW),
        ("text/vcard, application/json;q=0.9", NEW),
        ("text/html, */*", JSON),
        ("*/*, application/json;q=0", NEW),
        ("text/vcard;version=2.1", None),
        ("text/html", None),
        ("application/json;q=0", None),
        ("text/vcard;q=x", NEW),
        (",;,", None),
    ],
)
def test_the_form_that_is_liked_most(accept: str, form: Form | None) -> None:
    assert preferred(accept, (JSON, NEW, OLD)) == form
