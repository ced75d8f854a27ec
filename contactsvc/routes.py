"""Every URL of the service, beside what answers there."""

from typing import Final, NamedTuple

from aiohttp import web

from contactsvc.views import auth, birthdays, contacts, docs, health, users
from contactsvc.views.base import View


class Route(NamedTuple):
    """One resource."""

    path: str
    view: type[View]


ROUTES: Final = (
    Route("/api/auth/register", auth.RegisterView),
    Route("/api/auth/login", auth.LoginView),
    Route("/api/auth/refresh", auth.RefreshView),
    Route("/api/auth/logout", auth.LogoutView),
    Route("/api/users/me", users.MeView),
    Route("/api/users/{id}/avatar.svg", users.DefaultAvatarView),
    Route("/api/contacts/", contacts.ContactsView),
    Route("/api/contacts/birthdays", birthdays.BirthdaysView),
    Route("/api/contacts/{contact_id}", contacts.ContactView),
    Route("/api/healthchecker", health.HealthView),
    Route("/livez", health.LiveView),
    Route("/api/docs", docs.SwaggerView),
    Route("/api/docs/openapi.json", docs.OpenApiView),
    Route("/api/docs/swagger-ui/{name}", docs.SwaggerFileView),
)


def add_routes(app: web.Application) -> None:
    """Add every route, with and without its trailing slash."""
    for path, view in ROUTES:
        bare = path.rstrip("/")
        app.router.add_view(bare, view)
        app.router.add_view(f"{bare}/", view)
