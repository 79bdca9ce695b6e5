"""The first settings: whether they are missing, and the defaults that are offered for them."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import tomli

from afterword.errors import UsageError
from afterword.messages.i18n import available_languages
from afterword.settings import loader
from afterword.system import clock


def is_setup_due(path: Path) -> bool:
    """True if the settings file does not exist, or has only the zone that was saved unasked."""
    try:
        text = loader.settings_text(path)
        if text is None:
            return True
        return text.startswith(loader.FIRST_RUN_NOTE) and tomli.loads(text).keys() <= {"zone"}
    except (UsageError, tomli.TOMLDecodeError):
        return False  # the command reports it


def default_zone(settings: loader.Settings, given: ZoneInfo | None) -> ZoneInfo | None:
    """Return the zone to offer: given, set, or the machine's; None if nobody names any."""
    return given or settings.zone or clock.local_zone()


def default_language(settings: loader.Settings, *, is_new: bool) -> str:
    """Return the language to offer: of the settings, or of the machine if they are new."""
    if not is_new:
        return settings.language
    variables = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    tag = next((value for value in variables if value), "")
    code = tag.partition(".")[0].partition("_")[0].casefold()
    return code if code in available_languages() else settings.language


def is_remembered(zone: ZoneInfo) -> bool:
    """True if a zone that the user accepts may be saved: UTC may be a server's default."""
    return zone.key not in clock.UTC_NAMES
