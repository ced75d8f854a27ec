"""The tags, headers and security schemes of operations, with their texts in OpenAPI."""

from collections.abc import Mapping
from typing import Any, Final

TAGS: Final[Mapping[str, str]] = {
    "auth": "Sign up, sign in, sign out",
    "users": "Oneself",
    "contacts": "One's own address book",
    "admin": "For administrators: accounts, audit log, outbox",
    "service": "The service itself",
}

HEADERS: Final[Mapping[str, str]] = {
    "Content-Disposition": "The name to save it by (RFC 6266)",
    "ETag": "The version of what is asked for, for If-Match and If-None-Match",
    "Idempotency-Key": "Of your choice and new for each request, such as a UUID. The same request "
    "with the same key is done once; for 24 hours it is answered as the first was",
    "Idempotency-Replayed": "`true` where the answer is that to an earlier request with the key",
    "If-Match": "The ETag that it must still have; 412 otherwise",
    "If-None-Match": "Of a read: the ETag that the caller has; 304 if it is still good. Of a "
    "change: an ETag that it must not have, or * for none at all; 412 otherwise",
    "Link": "The first and the next page (RFC 8288)",
    "Location": "Where the new contact is",
    "RateLimit": "The limit that is used up, and in how many seconds it is not",
    "RateLimit-Policy": "How many calls are allowed in how many seconds",
    "Retry-After": "Seconds to wait before the next try",
    "WWW-Authenticate": "Bearer, or Basic for programs with an app password",
    "X-Request-ID": "Names the request in the answer and in the log: 1 to 128 of A-Za-z0-9._-",
}

HEADER_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Idempotency-Key": {
        "type": "string",
        "pattern": "^[!-~]+$",
        "minLength": 1,
        "maxLength": 255,
        "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    },
    "Idempotency-Replayed": {"type": "string", "example": "true"},
}
"""The schemas of headers that are not just any text."""

METRICS_SCHEME: Final = "metrics_token"
"""The security scheme of /metrics, whose token is METRICS_TOKEN and no user's."""

SECURITY_SCHEMES: Final[Mapping[str, Mapping[str, Any]]] = {
    "password": {
        "type": "oauth2",
        "description": "Signs in with e-mail and password.",
        "flows": {
            "password": {
                "tokenUrl": "/api/auth/login",
                "refreshUrl": "/api/auth/refresh",
                "scopes": {},
            }
        },
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token that was got before.",
    },
    "app_password": {
        "type": "http",
        "scheme": "bearer",
        "description": "An app password. One of the scope `read` is for `GET` alone.",
    },
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "The e-mail and an app password.",
    },
    METRICS_SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "`METRICS_TOKEN`, where the service has one.",
    },
}
