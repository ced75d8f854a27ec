"""Everything that can be set, and the only reader of the environment."""

from contactsvc.platform.settings.environment import load_settings
from contactsvc.platform.settings.model import SECRETS, SETTINGS, Settings, SettingsError

__all__ = ["SECRETS", "SETTINGS", "Settings", "SettingsError", "load_settings"]
