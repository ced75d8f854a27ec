"""The envelope of errors holds what is documented, and nothing else."""

import re

import pytest

from contactsvc.web.problems import PROBLEMS, FieldErrorAnswer, ProblemAnswer
from tests.conftest import Client, problem

ALWAYS = {name for name, field in ProblemAnswer().fields.items() if field.required}


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_code_can_be_part_of_a_urn(code: str) -> None:
    assert re.fullmatch("[a-z]+(_[a-z]+)*", code)


async def test_the_envelope(client: Client) -> None:
    body = await problem(await client.get("/api/nothing"), 404, "not_found")
    assert body.keys() == ALWAYS


async def test_the_envelope_of_values_that_do_not_fit(client: Client) -> None:
    response = await client.post("/api/auth/register", json={"email": "x", "name": 1})
    body = await problem(response, 422, "validation_failed")
    assert body.keys() == ALWAYS | {"errors"}
    assert {error["pointer"] for error in body["errors"]} == {"/email", "/name", "/password"}
    assert all(error.keys() == FieldErrorAnswer().fields.keys() for error in body["errors"])
