"""Calendar feeds: a file for each applicant under an address that nobody guesses.

The name of a file is derived from a secret beside the applications and from the applicant, so
it stays the same, also on a new computer, and says nothing about anybody.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from afterword.domain.model import Applicant, Application
from afterword.errors import InputError
from afterword.formats.ics_files import FeedProperties
from afterword.services.exports import ics_export
from afterword.services.exports.export_target import (
    ExportOptions,
    ExportResult,
    earlier_outputs,
)
from afterword.services.run_context import RunContext
from afterword.system import atomic_files

SECRET_NAME = ".feed-secret"  # noqa: S105 - the name of a file
_SECRET = re.compile(r"[0-9a-f]{64}")
_SECRET_BYTES = 32
_MAX_SECRET_SIZE = 1024
_NAME_LENGTH = 32
_FEED_NAME = re.compile(rf"[0-9a-f]{{{_NAME_LENGTH}}}\.ics")
# Names of CSS that can be told apart, with their values. The user has the first.
_COLOURS = (
    ("teal", "#008080"),
    ("royalblue", "#4169E1"),
    ("darkorange", "#FF8C00"),
    ("mediumorchid", "#BA55D3"),
    ("olivedrab", "#6B8E23"),
    ("crimson", "#DC143C"),
    ("sienna", "#A0522D"),
    ("steelblue", "#4682B4"),
)


def export_feeds(
    directory: Path,
    applications: Iterable[Application],
    options: ExportOptions,
    context: RunContext,
) -> Iterator[tuple[ExportResult, str | None]]:
    """Write the feed of each applicant; yield its result and the client, None for the user.

    The feed of a client without applications has its events cancelled. Raises InputError for
    a damaged secret, and WriteError for a file that afterword did not write.
    """
    secret = _load_secret(context)
    feeds = ics_export.group_by_applicant(
        applications, context, functools.partial(_feed_name, secret=secret, context=context)
    )
    atomic_files.make_directory(directory)
    if options.complete:
        earlier = [
            path.name
            for path in earlier_outputs(directory, context)
            if path.parent == directory.absolute() and _FEED_NAME.fullmatch(path.name)
        ]
        feeds = {name: [] for name in earlier} | feeds
    for name, theirs in feeds.items():
        client = _client_of(theirs, context)
        feed = _properties(client, name, context)
        result = ics_export.export_to_file(directory / name, theirs, options, context, feed=feed)
        yield result, client


def _client_of(applications: Sequence[Application], context: RunContext) -> str | None:
    """Return the client whose applications they are; None for the user, and without any."""
    applicant = applications[0].applicant if applications else None
    if applicant is None or _key(applicant) == _key(context.settings.applicant):
        return None
    return applicant.name or applicant.email


def _key(applicant: Applicant) -> tuple[str, str]:
    return (applicant.name or "").casefold(), (applicant.email or "").casefold()


def _properties(client: str | None, name: str, context: RunContext) -> FeedProperties:
    """Return the name and colour of a feed; in private mode it does not say whose it is."""
    title = context.calendar_name
    if client and not context.settings.private:
        title = f"{title}: {client}"
    index = 0 if client is None else 1 + int(name[:8], 16) % (len(_COLOURS) - 1)
    colour, rgb = _COLOURS[index]
    return FeedProperties(name=title, colour=colour, rgb=rgb)


def _feed_name(applicant: Applicant, secret: str, context: RunContext) -> str:
    """Return the name of an applicant's file; the user's does not change with their name."""
    is_user = _key(applicant) == _key(context.settings.applicant)
    key = "" if is_user else "\n".join(_key(applicant))
    digest = hmac.new(bytes.fromhex(secret), key.encode(), hashlib.sha256).hexdigest()
    return f"{digest[:_NAME_LENGTH]}{ics_export.SUFFIX}"


def _load_secret(context: RunContext) -> str:
    """Return the secret of the applications' directory, made at the first use."""
    path = context.locations.data / SECRET_NAME
    if not os.path.lexists(path):
        atomic_files.make_directory(path.parent, private=True)
        secret = secrets.token_hex(_SECRET_BYTES)
        atomic_files.write_atomically(path, [secret.encode()], mode=atomic_files.PRIVATE)
        return secret
    text = atomic_files.read_file(path, at_most=_MAX_SECRET_SIZE).decode("ascii", "replace").strip()
    if not _SECRET.fullmatch(text):
        raise InputError(
            f"{path} is damaged, and the addresses of your feeds depend on it",
            [
                "restore it from a backup",
                "or delete it: the feeds get new addresses, and apps have to subscribe again",
            ],
        )
    return text
