"""What views share that know who is signed in."""

from typing import Any

from contactsvc.accounts.keys import CLAIMS, CURRENT_USER
from contactsvc.accounts.services import AccountServices, services_of
from contactsvc.accounts.users.answer import user_answer
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.web.view import View


class AccountView(View):
    """A resource that accounts have to do with."""

    @property
    def services(self) -> AccountServices:
        """What the request is answered with."""
        return services_of(self.request.app)

    @property
    def user(self) -> CurrentUser:
        """Who is signed in."""
        return self.request[CURRENT_USER]

    @property
    def session_id(self) -> int:
        """The session that the access token belongs to."""
        return self.request[CLAIMS].session_id

    def user_answer(self, user: CurrentUser) -> dict[str, Any]:
        """Return a user as they are answered, to oneself and to administrators."""
        return user_answer(user, self.services.settings.public_url)
