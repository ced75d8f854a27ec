"""Many changes in one request."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.batches.planning import Method, Outcome, Step
from contactsvc.contacts.batches.schemas import MAX_STEPS, BatchAnswer, BatchSchema
from contactsvc.contacts.batches.service import Batch, Report
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.contacts.views import owner_of
from contactsvc.platform.errors import FieldError, ServiceError, ValidationFailed
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.keys import REQUEST_ID
from contactsvc.web.middleware.errors import described, problem
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.problems import PROBLEMS
from contactsvc.web.view import json_response

MAX_BYTES: Final = 4 * 1024 * 1024
"""Bytes of a body: 20 KiB for each contact."""

STEPS_OF_A_REQUEST: Final = 10
"""Operations that count as one request towards the user's limit."""

_STATUSES: Final = {Method.CREATE: 201, Method.UPDATE: 200, Method.REPLACE: 200, Method.DELETE: 204}
_NOTHING_DONE: Final = (
    "Nothing was done, because an operation cannot be done; results name each that cannot."
)


class BatchView(AccountView):
    """Many changes at once."""

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @operation(
        tag="contacts",
        id="change_contacts",
        summary="Change many contacts at once",
        description=f"Up to {MAX_STEPS} operations, each of which adds, changes, replaces or "
        "deletes a contact as its own call would do. All of them are done or none, unless atomic "
        "is false: then each fails by itself. The results are in the order of the operations, with "
        "the status and the contact or the problem that the call would have answered. Every "
        f"{STEPS_OF_A_REQUEST} operations count as a request.",
        access=DATA,
        body=BatchSchema,
        body_limit=MAX_BYTES,
        answers=[Answer(200, "What has become of each operation", BatchAnswer)],
        problems=["conflict"],
        idempotency_key=True,
    )
    async def post(self) -> web.Response:
        """Add, change and delete contacts."""
        user, steps = self.user, self.body["operations"]
        for _ in range(STEPS_OF_A_REQUEST, len(steps), STEPS_OF_A_REQUEST):
            await self.services.throttle.hit(Policy.USER, str(user.id))
        with self.services.batches.admit(user.id):
            batch = Batch(*owner_of(self.request), steps, is_atomic=self.body["atomic"])
            report = await batch.run()
            return self._answer(steps, report)

    def _answer(self, steps: Sequence[Step], report: Report) -> web.Response:
        results = [
            self._result(place, step, outcome)
            for place, (step, outcome) in enumerate(zip(steps, report.outcomes, strict=True))
        ]
        if not report.is_done:
            return problem(self.request, "conflict", _NOTHING_DONE, {"results": results})
        return json_response({"results": results, "operation_id": report.operation_id})

    def _result(self, place: int, step: Step, outcome: Outcome) -> dict[str, Any]:
        if outcome.error is not None:
            found = described(_located(outcome.error, place), self.request[REQUEST_ID])
            return {"status": PROBLEMS[outcome.error.code].status, "problem": found}
        result: dict[str, Any] = {"status": _STATUSES[step.method]}
        if outcome.contact is not None:
            result["contact"] = contact_json(outcome.contact, self.url(""))
        return result


def _located(error: ServiceError, place: int) -> ServiceError:
    """Return an error of an operation with pointers into the body of the batch."""
    if not isinstance(error, ValidationFailed):
        return error
    contact = f"/operations/{place}/contact"
    return ValidationFailed([FieldError(contact + at, detail) for at, detail in error.errors])
