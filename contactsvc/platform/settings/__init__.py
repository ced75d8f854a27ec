"""Everything that can be set, and the only reader of the environment."""

from contactsvc.platform.settings.environment import load_settings
from contactsvc.platform.settings.model import SECRETS, Settings, SettingsError

__all__ = ["SECRETS", "Settings", "SettingsError", "load_settings"]
