"""The values that a shell completes: words, applications, interviews, time zones, files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from afterword.domain.search_text import search_forms
from afterword.errors import UsageError
from afterword.settings.paths import find_locations
from afterword.storage.stored_names import StoredName, read_names


def complete_value(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the values of a kind that fit; a kind that does not begin with @ is a word."""
    match kind:
        case "@file":
            return [CompletionItem(incomplete, type="file")]
        case "@directory":
            return [CompletionItem(incomplete, type="dir")]
        case "@application":
            return _applications(ctx, incomplete)
        case "@interview":
            return _interviews(ctx, incomplete)
        case "@zone":
            return _words(_zones(), incomplete)
        case _:
            return _words([kind], incomplete)


def _words(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    folded = incomplete.casefold()
    return [CompletionItem(word) for word in words if word.casefold().startswith(folded)]


def _applications(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the applications whose id begins with the text, else those with such a word."""
    stored = read_names(_directory(ctx))
    folded = incomplete.casefold()
    matches = [each for each in stored if each.id.casefold().startswith(folded)]
    matches = matches or [each for each in stored if _has_word(each, incomplete)]
    return [CompletionItem(each.id, help=each.description) for each in matches]


def _has_word(stored: StoredName, typed: str) -> bool:
    """True if the text begins at a word of the company, role or client."""
    words = " ".join(stored.description.replace(",", " ").split())
    return any(
        f" {start}" in f" {form}" for start in search_forms(typed) for form in search_forms(words)
    )


def _interviews(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the interviews of the application that was typed before."""
    app = str(ctx.params.get("app") or "")
    stored = [each for each in read_names(_directory(ctx)) if each.id == app]
    return _words((id for each in stored for id in each.interviews), incomplete)


def _directory(ctx: click.Context) -> Path:
    """Return the directory of application files, which --data may name."""
    given: str | None = None
    context: click.Context | None = ctx
    while context is not None and given is None:
        given, context = context.params.get("data"), context.parent
    try:
        return find_locations(Path(given) if given else None).data
    except UsageError:  # no home directory; the command itself says so
        return Path()


def _zones() -> list[str]:
    import tzdata

    names = Path(tzdata.__file__).with_name("zones").read_text("ascii").split()
    return [name for name in names if name != "Factory"]
