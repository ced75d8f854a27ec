"""Random requests break nothing."""

import json
import random
import string
from typing import Any
from urllib.parse import quote

import pytest

from contactsvc.web.openapi import example_of
from contactsvc.web.problems import PROBLEMS
from contactsvc.web.schemas import BodySchema
from tests.conftest import Person, problem
from tests.support.places import BODIES, BODY_FIELDS, DOCUMENTED, JSON, PARAMETERS, Place, filled
from tests.support.samples import samples
from tests.support.sending import fetch


class Fuzzer:
    """Makes requests up, the same ones in every run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        fields = {name for _, name in BODY_FIELDS}
        self._names = sorted(fields.union(*(names for _, names in PARAMETERS)))

    def text(self) -> str:
        pools = (string.printable, "\0\ud800\udfff\ufeff\u202e", "éß\u0301İŁ👩‍🚀", "%_\\'\"<&;=-+0")
        pool = self._random.choice(pools)
        return "".join(self._random.choices(pool, k=self._random.choice((0, 1, 3, 12, 300))))

    def name(self) -> str:
        return self._random.choice((self.text(), *self._names))

    def value(self, depth: int = 0) -> Any:
        scalars = (
            None,
            True,
            0,
            -1,
            10**19,
            1.5,
            "2000-02-29",
            "--02-29",
            "a@b.co",
            "+14155552671",
        )
        kind = self._random.random()
        if depth < 3 and kind < 0.15:
            return [self.value(depth + 1) for _ in range(self._random.randrange(4))]
        if depth < 3 and kind < 0.3:
            return self.object(depth + 1)
        return self._random.choice(scalars) if kind < 0.7 else self.text()

    def object(self, depth: int = 0) -> dict[str, Any]:
        return {self.name(): self.value(depth) for _ in range(self._random.randrange(6))}

    def body(self, place: Place) -> bytes:
        known = example_of(place.schema) if isinstance(place.schema, BodySchema) else {}
        for name in list(known):
            if self._random.random() < 0.3:
                known[name] = self.value()
        body = json.dumps(self._random.choice((known, known | self.object(), self.value())))
        if self._random.random() < 0.1:
            body = body[: self._random.randrange(len(body) + 1)]
        return body.encode()

    def query(self) -> str:
        pairs = [
            f"{self.encoded(self.name())}={self.encoded(self.text())}"
            for _ in range(self._random.randrange(3))
        ]
        return self._random.choice("&;").join(pairs)

    def encoded(self, text: str) -> str:
        return quote(text.encode("utf-8", "surrogatepass"), safe="")

    def path(self, place: Place) -> str:
        value = self._random.choice(("1", "2", "0", self.encoded(self.text()) or "x"))
        return filled(place.path, value)


@pytest.mark.slow
async def test_made_up_requests_never_break_the_service(ada: Person) -> None:
    fuzzer = Fuzzer(1)
    with_body = {(place.method, place.path): place for place in BODIES}
    # A sign-out that happens to be well formed would keep the others from coming in.
    ends = ("logout", "sessions", "/me/password")
    targets = [place for place in DOCUMENTED if not any(word in place.path for word in ends)]
    for _ in range(samples(4, 100)):
        for target in targets:
            place = with_body.get((target.method, target.path), target)
            url = f"{fuzzer.path(place)}?{fuzzer.query()}"
            body = None if place.method in ("GET", "HEAD") else fuzzer.body(place)
            async with await fetch(ada, place.method, url, data=body, headers=JSON) as response:
                assert response.status < 500, (place.method, url, body)
                if response.status >= 400 and place.method != "HEAD":
                    code = (await response.json(content_type=None))["code"]
                    assert code in PROBLEMS
                    await problem(response, PROBLEMS[code].status, code)
    assert (await ada.get("/api/users/me")).status == 200
