"""The services that views and middleware of accounts use, and how they are reached."""

from dataclasses import dataclass
from typing import cast

from aiohttp import web

from contactsvc.accounts.administration.service import Administration
from contactsvc.accounts.app_passwords.service import AppPasswords
from contactsvc.accounts.app_passwords.sign_in import AppPasswordSignIn
from contactsvc.accounts.avatars.service import Avatars
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.feed_secrets.service import FeedSecrets
from contactsvc.accounts.password_reset.service import PasswordReset
from contactsvc.accounts.registration.service import Confirmation
from contactsvc.accounts.security.tokens import Tokens
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.accounts.users.service import Accounts
from contactsvc.platform.storage.folder import FolderStore
from contactsvc.web.keys import SERVICES
from contactsvc.web.services import WebServices


@dataclass(frozen=True, kw_only=True)
class AccountServices(WebServices):
    """The services of accounts, beside those that all views use."""

    accounts: Accounts
    administration: Administration
    app_password_sign_in: AppPasswordSignIn
    app_passwords: AppPasswords
    avatars: Avatars
    avatar_folder: FolderStore
    cache: CurrentUserCache
    confirmation: Confirmation
    feed_secrets: FeedSecrets
    password_reset: PasswordReset
    sessions: Sessions
    tokens: Tokens
    users: UserRepository


def services_of(app: web.Application) -> AccountServices:
    """Return the services of an application, which is always assembled with those of accounts."""
    return cast(AccountServices, app[SERVICES])
