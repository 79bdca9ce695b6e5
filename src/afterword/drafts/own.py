"""The person's own texts: files in their settings folder that win over ours.

`FOLDER/en/email/thank-you.txt` stands in for our text of that name. Only files
of names that we use are taken; anything else there is a mistake, since it
would never be read. A text is data: it cannot loop, call, or open files.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from afterword.core.model import Channel
from afterword.drafts import shelf
from afterword.drafts.language import Language, languages
from afterword.drafts.shelf import Title
from afterword.drafts.templates import Text, mistakes
from afterword.errors import DraftError, UsageError

MOST_BYTES = 20_000
_SUFFIX = ".txt"
_BACKUPS = ("~", ".bak", ".orig")


def read(folder: Path) -> Mapping[Title, Text]:
    """Return the own texts of a folder; none where it does not exist.

    Raises DraftError with all the mistakes of all files, each with its line.
    """
    if not folder.is_dir():
        return shelf.NONE_OWN
    known = {path_of(folder, title): title for title in titles()}
    own: dict[Title, Text] = {}
    wrong: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.startswith(".") or path.name.endswith(_BACKUPS):
            continue
        title = known.get(path) if path.is_file() else None
        if title is None:
            wrong.append(f"{path}: {_unknown(path, folder, known)}")
            continue
        text, faults = _read(path, title)
        wrong += faults
        if text is not None:
            own[title] = text
    if wrong:
        raise DraftError(f"own drafts in {folder} cannot be used:", wrong)
    return own


def _read(path: Path, title: Title) -> tuple[Text | None, list[str]]:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return None, [f"{path}: longer than {MOST_BYTES} bytes, which no message is"]
    try:
        source = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [f"{path}, line {line}: not UTF-8; save it as UTF-8"]
    text = Text(place=str(path), source=source, has_subject=title.channel is Channel.EMAIL)
    return text, list(mistakes(text))


def titles() -> Iterator[Title]:
    """Yield everything that there is a shipped text for, in the order of folders."""
    for code in languages():
        for folder in (code, f"{code}{shelf.INFORMAL}"):
            for channel, names in shelf.shelf(folder).items():
                yield from (Title(folder, channel, name) for name in names)


def path_of(folder: Path, title: Title) -> Path:
    """Return where the own text of a title stands."""
    return folder / title.folder / title.channel / f"{title.name}{_SUFFIX}"


def source_of(title: Title, own: Mapping[Title, Text]) -> str:
    """Return the source that a title is written with now."""
    return (own.get(title) or shelf.shipped(title)).source


def named(typed: str, language: Language, channel: Channel = Channel.EMAIL) -> Title:
    """Return the title that a person means by "thank-you" or "de/phone/first-follow-up".

    Raises UsageError with the nearest names.
    """
    parts = typed.removesuffix(_SUFFIX).strip("/").split("/")
    whole = "/".join((shelf.folder_of(language), channel.value)[: max(0, 3 - len(parts))])
    wanted = "/".join([*filter(None, [whole]), *parts])
    known = {str(title): title for title in titles()}
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "afterword drafts list shows all"
    raise UsageError(f"there is no draft {wanted}; {hint}")


def _unknown(path: Path, folder: Path, known: Mapping[Path, Title]) -> str:
    near = difflib.get_close_matches(str(path), [str(one) for one in known], n=1)
    hint = f"; did you mean {Path(near[0]).relative_to(folder)}?" if near else ""
    return f"no draft has this name, so it would never be used{hint}"
