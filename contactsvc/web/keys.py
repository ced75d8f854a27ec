"""Typed keys of values on the application and on a request."""

from aiohttp import web

from contactsvc.platform.caller import Caller
from contactsvc.web.services import WebServices

SERVICES = web.AppKey("SERVICES", WebServices)

REQUEST_ID = web.RequestKey("REQUEST_ID", str)
STARTED = web.RequestKey("STARTED", float)
CALLER = web.RequestKey("CALLER", Caller)
USER_ID = web.RequestKey("USER_ID", int)
