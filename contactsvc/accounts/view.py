"""The base class of views that use the services of accounts."""

from typing import Any

from contactsvc.accounts.keys import CLAIMS, CURRENT_USER
from contactsvc.accounts.services import AccountServices, services_of
from contactsvc.accounts.users.answer import user_answer
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.web.view import View


class AccountView(View):
    """A view with the services of accounts and the signed-in user."""

    @property
    def services(self) -> AccountServices:
        """The services of the application."""
        return services_of(self.request.app)

    @property
    def user(self) -> CurrentUser:
        """The signed-in user; a public operation has none."""
        return self.request[CURRENT_USER]

    @property
    def session_id(self) -> int:
        """The id of the session that the access token belongs to."""
        return self.request[CLAIMS].session_id

    def user_answer(self, user: CurrentUser) -> dict[str, Any]:
        """Return a user as answers show them, to themselves and to administrators."""
        return user_answer(user, self.services.settings.public_url)
