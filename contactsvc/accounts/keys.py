"""What the authentication middleware puts on a request."""

from aiohttp import web

from contactsvc.accounts.app_passwords.model import AppPasswordScope
from contactsvc.accounts.security.tokens import AccessClaims
from contactsvc.accounts.users.model import CurrentUser

CLAIMS = web.RequestKey("CLAIMS", AccessClaims)
CURRENT_USER = web.RequestKey("CURRENT_USER", CurrentUser)
SCOPE = web.RequestKey("SCOPE", AppPasswordScope)
"""What an app password that the user has signed in with is good for."""
