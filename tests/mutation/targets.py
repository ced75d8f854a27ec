"""The modules whose silent faults cost most, and the tests that answer for each.

Those of the module's own name come first; beside them, what else is near. Only tests that run the
module in their own process see a mutant: none that start the service as a program is named here.
"""

from pathlib import Path
from typing import Final

TARGETS: Final[dict[str, tuple[str, ...]]] = {
    "security/tokens": ("flows/test_attacks_on_tokens.py",),
    "security/cursors": ("views/test_contacts_pages.py",),
    "security/keyring": (
        "security/test_tokens.py",
        "security/test_tokens_signatures.py",
        "security/test_cursors.py",
    ),
    "services/birthdays": ("views/test_birthdays.py",),
    "cache/current_user": ("services/test_current_user.py",),
    "services/current_user": ("middleware/test_authentication_cached_user.py",),
    "services/sessions": ("views/test_sessions.py", "views/test_auth.py"),
    "repositories/sessions": ("services/test_sessions.py", "views/test_sessions.py"),
    "repositories/one_time_tokens": (
        "services/test_confirmation.py",
        "services/test_password_reset.py",
        "views/test_password_reset.py",
    ),
    "repositories/registrations": (
        "services/test_confirmation.py",
        "views/test_confirmation.py",
        "flows/test_pre_hijacking.py",
    ),
    "repositories/contacts": (
        "views/test_contacts.py",
        "views/test_birthdays.py",
        "flows/test_isolation.py",
    ),
    "access": ("middleware/test_authentication.py",),
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
