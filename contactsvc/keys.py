"""Every typed key under which something is kept on the application or on a request."""

from aiohttp import web

from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.models import CurrentUser
from contactsvc.repositories.users import UserRepository
from contactsvc.security.cursors import Cursors
from contactsvc.security.tokens import AccessClaims, Tokens
from contactsvc.services.accounts import Accounts
from contactsvc.services.sessions import Sessions
from contactsvc.settings import Settings

SETTINGS = web.AppKey("SETTINGS", Settings)
TOKENS = web.AppKey("TOKENS", Tokens)
CURSORS = web.AppKey("CURSORS", Cursors)
CACHE = web.AppKey("CACHE", CurrentUserCache)
USERS = web.AppKey("USERS", UserRepository)
ACCOUNTS = web.AppKey("ACCOUNTS", Accounts)
SESSIONS = web.AppKey("SESSIONS", Sessions)
OPENAPI = web.AppKey("OPENAPI", bytes)

REQUEST_ID = web.RequestKey("REQUEST_ID", str)
CLAIMS = web.RequestKey("CLAIMS", AccessClaims)
CURRENT_USER = web.RequestKey("CURRENT_USER", CurrentUser)
