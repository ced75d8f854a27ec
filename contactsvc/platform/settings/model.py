"""One frozen object with everything that can be set, and its defaults."""

from dataclasses import dataclass

from contactsvc.platform.settings.deployment import DeploymentSettings
from contactsvc.platform.settings.lifetimes import LifetimeSettings
from contactsvc.platform.settings.policies import PolicySettings
from contactsvc.platform.settings.setting import declared

BREACH_RANGE_URL = "https://api.pwnedpasswords.com/range/"
"""The API of Have I Been Pwned that answers with ranges of SHA-1."""


class SettingsError(Exception):
    """Some settings do not fit.

    Args:
        problems: One readable line for each.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings(PolicySettings, LifetimeSettings, DeploymentSettings):
    """The service's configuration, complete and checked. Times are in seconds, sizes in bytes."""

    @property
    def embedded(self) -> bool:
        """Whether PostgreSQL is the service's own, in ``data_dir``."""
        return self.database_url is None

    @property
    def breach_range_url(self) -> str | None:
        """URL behind which the first digits of a SHA-1 are put to ask for breaches; None is off."""
        known = {None: None, "false": None, "true": BREACH_RANGE_URL}
        given = self.password_breach_check
        return known[given] if given in known else f"{given}".rstrip("/") + "/"

    def __repr__(self) -> str:
        """Name every setting, but tell no secret."""
        shown = (
            f"{each.name}={'***' if each.secret else getattr(self, each.name)}" for each in SETTINGS
        )
        return f"Settings({', '.join(shown)})"


SETTINGS = declared(Settings)
"""What is said of each setting, from ``host`` to ``metrics_token``."""

SECRETS = tuple(setting.variable for setting in SETTINGS if setting.secret)
"""The variables that may also come from a file, as ``NAME_FILE``."""
