"""The modules whose silent faults cost most, and the tests that answer for each.

Those of the module's own name come first; beside them, what else is near. Only tests that run the
module in their own process see a mutant: none that start the service as a program is named here.
"""

from pathlib import Path
from typing import Final

TARGETS: Final[dict[str, tuple[str, ...]]] = {
    "accounts/security/tokens": (
        "accounts/security/test_verified_tokens.py",
        "flows/test_attacks_on_tokens.py",
        "flows/test_attacks_on_token_purposes.py",
    ),
    "accounts/security/verified_tokens": (),
    "web/cursors": ("contacts/test_views_pages.py",),
    "platform/keyring": (
        "accounts/security/test_tokens.py",
        "accounts/security/test_tokens_signatures.py",
        "web/test_cursors.py",
    ),
    "contacts/birthdays/service": ("contacts/birthdays/test_views.py",),
    "accounts/current_user/cache": ("accounts/current_user/test_service.py",),
    "accounts/current_user/service": ("accounts/test_authentication_cached_user.py",),
    "accounts/sessions/service": (
        "accounts/sessions/test_views.py",
        "accounts/sessions/test_views_sign_in.py",
    ),
    "accounts/sessions/repository": (
        "accounts/sessions/test_rows.py",
        "accounts/sessions/test_service.py",
        "accounts/sessions/test_service_renewal.py",
        "accounts/sessions/test_views.py",
    ),
    "accounts/one_time_tokens/repository": (
        "accounts/registration/test_service.py",
        "accounts/password_reset/test_service.py",
        "accounts/password_reset/test_views.py",
    ),
    "accounts/registration/repository": (
        "accounts/registration/test_service.py",
        "accounts/registration/test_views.py",
        "accounts/registration/test_views_email_change.py",
        "flows/test_pre_hijacking.py",
        "flows/test_pre_hijacking_races.py",
    ),
    "contacts/repository": (
        "contacts/test_card_names.py",
        "contacts/test_keys.py",
        "contacts/test_views.py",
        "contacts/test_views_quota.py",
        "contacts/test_orders.py",
        "contacts/birthdays/test_views.py",
        "flows/test_isolation.py",
        "flows/test_isolation_of_cards.py",
    ),
    "web/operation": (
        "web/middleware/test_operation.py",
        "flows/test_access_declarations.py",
        "flows/test_access_matrix.py",
        "flows/test_access_matrix_programs.py",
        "web/test_openapi_document.py",
    ),
    "web/middleware/operation": (
        "flows/test_access_declarations.py",
        "flows/test_access_matrix.py",
        "flows/test_access_matrix_programs.py",
    ),
    "web/middleware/validation": (
        "contacts/test_views_filters.py",
        "flows/test_bad_bodies.py",
        "flows/test_bad_fields.py",
        "flows/test_bad_parameters.py",
    ),
    "web/bearer": ("accounts/test_authentication.py",),
    "platform/redis/pipelining": ("platform/redis/test_pipelining_scripts.py",),
    "platform/redis/resp": (),
    "platform/database/compiled": (),
}


def source_of(target: str) -> Path:
    """Return the module's file, relative to the root."""
    return Path("contactsvc", f"{target}.py")


def module_of(target: str) -> str:
    """Return the module's name."""
    return "contactsvc." + target.replace("/", ".")


def tests_of(target: str) -> list[str]:
    """Return the files of its tests, relative to the root."""
    room, _, module = target.rpartition("/")
    own = sorted(Path("tests", room).glob(f"test_{module}*.py"))
    return [*map(str, own), *(f"tests/{name}" for name in TARGETS[target])]
