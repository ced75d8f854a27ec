"""Every typed key under which something is kept on the application or on a request."""

from aiohttp import web

from contactsvc.accounts.administration.service import Administration
from contactsvc.accounts.audit.repository import Caller
from contactsvc.accounts.avatars.service import Avatars
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.lease import Lease
from contactsvc.accounts.password_reset.service import PasswordReset
from contactsvc.accounts.registration.service import Confirmation
from contactsvc.accounts.security.tokens import AccessClaims, Tokens
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.accounts.users.service import Accounts
from contactsvc.platform.redis.throttle import Throttle
from contactsvc.platform.settings import Settings
from contactsvc.platform.storage.folder import FolderStore
from contactsvc.web.connections import Connections
from contactsvc.web.cursors import Cursors
from contactsvc.web.draining import Draining
from contactsvc.web.scrapes import Scrapes

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
