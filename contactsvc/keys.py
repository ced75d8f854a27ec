"""Every typed key under which something is kept on the application or on a request."""

from aiohttp import web

from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.cache.lease import Lease
from contactsvc.cache.throttle import Throttle
from contactsvc.models import CurrentUser
from contactsvc.repositories.audit import Caller
from contactsvc.repositories.users import UserRepository
from contactsvc.security.cursors import Cursors
from contactsvc.security.tokens import AccessClaims, Tokens
from contactsvc.services.accounts import Accounts
from contactsvc.services.administration import Administration
from contactsvc.services.avatars import Avatars
from contactsvc.services.confirmation import Confirmation
from contactsvc.services.connections import Connections
from contactsvc.services.draining import Draining
from contactsvc.services.monitoring import Scrapes
from contactsvc.services.password_reset import PasswordReset
from contactsvc.services.sessions import Sessions
from contactsvc.settings import Settings
from contactsvc.storage.folder import FolderStore

SETTINGS = web.AppKey("SETTINGS", Settings)
TOKENS = web.AppKey("TOKENS", Tokens)
CURSORS = web.AppKey("CURSORS", Cursors)
LEASE: web.AppKey[Lease | None] = web.AppKey("LEASE")
CACHE = web.AppKey("CACHE", CurrentUserCache)
THROTTLE = web.AppKey("THROTTLE", Throttle)
USERS = web.AppKey("USERS", UserRepository)
ACCOUNTS = web.AppKey("ACCOUNTS", Accounts)
ADMINISTRATION = web.AppKey("ADMINISTRATION", Administration)
AVATARS = web.AppKey("AVATARS", Avatars)
AVATAR_FOLDER = web.AppKey("AVATAR_FOLDER", FolderStore)
CONNECTIONS = web.AppKey("CONNECTIONS", Connections)
DRAINING = web.AppKey("DRAINING", Draining)
CONFIRMATION = web.AppKey("CONFIRMATION", Confirmation)
PASSWORD_RESET = web.AppKey("PASSWORD_RESET", PasswordReset)
SCRAPES = web.AppKey("SCRAPES", Scrapes)
SESSIONS = web.AppKey("SESSIONS", Sessions)
OPENAPI = web.AppKey("OPENAPI", bytes)

REQUEST_ID = web.RequestKey("REQUEST_ID", str)
STARTED = web.RequestKey("STARTED", float)
CALLER = web.RequestKey("CALLER", Caller)
CLAIMS = web.RequestKey("CLAIMS", AccessClaims)
CURRENT_USER = web.RequestKey("CURRENT_USER", CurrentUser)
