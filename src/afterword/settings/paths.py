"""Where things are kept on this machine. Nothing is made or read here."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import attrs
import platformdirs

from afterword.errors import UsageError


@attrs.frozen(kw_only=True)
class Locations:
    """The directories of facts (`data`) and of machine state, and the settings file."""

    data: Path
    state: Path
    settings: Path

    @property
    def database(self) -> Path:
        """Return the file of what is remembered of calendars and exports."""
        return self.state / "state.sqlite"


def find_locations(data: Path | None = None) -> Locations:
    """Return the locations of this user, or of another directory of facts.

    Raises UsageError where the machine does not tell the user's home.

    A settings.toml in a directory that was named is used instead of the
    user's. Its machine state is kept apart, and not in it: facts are for
    people, and may be under version control.
    """
    usual = _usual()
    if data is None:
        return usual
    own = data.absolute() / "settings.toml"
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()
    return Locations(
        data=data.absolute(),
        state=usual.state / f"data-{digest[:12]}",
        settings=own if own.exists() else usual.settings,
    )


def _usual() -> Locations:
    """Return the user's own; a relative XDG_ variable does not count, as its rules say."""
    directories = platformdirs.PlatformDirs("afterword", appauthor=False)
    try:
        return Locations(
            data=directories.user_data_path,
            state=directories.user_state_path,
            settings=directories.user_config_path / "settings.toml",
        )
    except RuntimeError:
        raise UsageError("cannot tell where your home is; set HOME to an absolute path") from None
