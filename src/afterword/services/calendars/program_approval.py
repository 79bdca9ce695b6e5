"""Approve the programs that the settings in a directory of application files name.

Such a directory may come from somebody else, and a sync in it would run their program. So it
runs only after the user approved it once. The approval is saved with the state of the directory,
for exactly this program, the calendar that gets its output, and the scripts in the directory.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from pathlib import Path

from afterword.domain.sanitize import for_terminal, shell_word
from afterword.errors import UsageError
from afterword.services.run_context import RunContext
from afterword.settings.loader import Settings
from afterword.settings.paths import Locations
from afterword.storage.state import sync_rows
from afterword.system import atomic_files

_LARGEST_SCRIPT = 1_000_000
_DIGEST_BYTES = 64


def require_approval(context: RunContext) -> None:
    """Raise UsageError for a program that is not approved, unless the user approves it now."""
    settings, locations = context.settings, context.locations
    if not locations.settings_in_data or _is_approved(settings, locations):
        return
    program = for_terminal(_display(settings))
    secret = "access token" if settings.token_command else "password"
    question = f"{locations.settings} names a program that prints your {secret}: {program}. Run it?"
    if context.ui.can_ask() and context.ui.confirm(question, default=False):
        approve_programs(settings, locations)
        return
    data = shell_word(str(locations.data))
    raise UsageError(
        f"{locations.settings} names a program that you have not approved yet: {program}",
        [f"If you trust it, approve it once: afterword settings --approve --data {data}"],
    )


def approve_programs(settings: Settings, locations: Locations) -> str | None:
    """Approve the program of the settings, and return it; None if they name none."""
    if not settings.password_command and not settings.token_command:
        return None
    path = _approval_path(locations)
    digest = _digest(settings, locations).encode()
    atomic_files.make_directory(path.parent, private=True)
    atomic_files.write_atomically(path, [digest], mode=atomic_files.PRIVATE)
    return _display(settings)


def _display(settings: Settings) -> str:
    commands = (settings.password_command, settings.token_command)
    return " and ".join(shlex.join(command) for command in commands if command)


def _is_approved(settings: Settings, locations: Locations) -> bool:
    path = _approval_path(locations)
    if path.is_file():
        approved = atomic_files.read_file(path, at_most=_DIGEST_BYTES)
        return approved == _digest(settings, locations).encode()
    # A sync with a folder ran no program.
    has_synced = any("://" in url for url in sync_rows.synced_calendars(locations.database))
    # A sync that needed no approval is older than token_command, so that was never run.
    if settings.token_command or not has_synced:
        return False
    # Synced before programs had to be approved: approved as it is, from now on by its content.
    approve_programs(settings, locations)
    return True


def _approval_path(locations: Locations) -> Path:
    return locations.state / "approved-programs"


def _digest(settings: Settings, locations: Locations) -> str:
    """Return the SHA-256, in hex, of the program and the recipient of its output."""
    content: list[object] = [
        str(locations.settings.resolve()),
        settings.calendar_url,
        settings.calendar_user,
    ]
    commands = [settings.password_command]
    if settings.token_command:
        # Without it the digest stays as earlier versions saved it.
        commands.append(settings.token_command)
    for words in commands:
        content += [words, [_script_digest(Path(word), locations.data) for word in words]]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _script_digest(path: Path, directory: Path) -> str | None:
    """Return the digest of a script that came with the directory, else None."""
    if not path.is_file() or not path.resolve().is_relative_to(directory.resolve()):
        return None
    data = atomic_files.read_file(path, at_most=_LARGEST_SCRIPT)
    return hashlib.sha256(data).hexdigest()
