"""Locate the application files, the state and the settings file; nothing is created or read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import platformdirs

from afterword.errors import UsageError


# No attrs class, because completion locates the files too, and attrs takes longer than the rest.
class Locations(NamedTuple):
    """The directories of application files (`data`) and of `state`, and the settings file.

    `settings_in_data` is True if the settings come with the application files of `--data`, and
    so may have been written by somebody else; `is_named` if `--data` names a directory.
    """

    data: Path
    state: Path
    settings: Path
    settings_in_data: bool = False
    is_named: bool = False

    @property
    def database(self) -> Path:
        """The SQLite file with the state of calendars and exports."""
        return self.state / "state.sqlite"


def find_locations(data: Path | None = None) -> Locations:
    """Return the user's locations, or those that go with another directory of application files.

    A settings.toml in that directory replaces the user's. Its state is separate
    and not in it, because the directory may be under version control. Raises
    UsageError if the user has no home directory.
    """
    default = _default_locations()
    if data is None:
        return default
    import hashlib

    own_settings = data.absolute() / "settings.toml"
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()
    has_own = own_settings.exists()
    return Locations(
        data=data.absolute(),
        state=default.state / f"data-{digest[:12]}",
        settings=own_settings if has_own else default.settings,
        settings_in_data=has_own,
        is_named=True,
    )


def _default_locations() -> Locations:
    # platformdirs ignores relative XDG_ variables, as the XDG specification says.
    directories = platformdirs.PlatformDirs("afterword", appauthor=False)
    try:
        return Locations(
            data=directories.user_data_path,
            state=directories.user_state_path,
            settings=directories.user_config_path / "settings.toml",
        )
    except RuntimeError:
        raise UsageError("cannot find your home directory; set HOME to an absolute path") from None
