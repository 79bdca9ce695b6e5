"""Which text a situation is written with: the person's own first, then ours.

A situation may have several texts (`thank-you`, `thank-you.2`, ...), so that
three interviewers who compare notes, or a second round, do not read one twice.
A language with two forms of address has a folder for each (`de`,
`de-informal`).

The person's own texts: files in their settings folder that win over ours.

`FOLDER/en/email/thank-you.txt` stands in for our text of that name. Only files
of names that we use are taken; anything else there is a mistake, since it
would never be read. A text is data: it cannot loop, call, or open files.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import attrs

from afterword.domain.model import Channel
from afterword.errors import DraftError, UsageError
from afterword.messages import i18n
from afterword.messages.i18n import Language, available_languages
from afterword.messages.message_context import FIRSTS, Situation
from afterword.messages.templates import MessageTemplate, mistakes

INFORMAL = "-informal"
_NUMBERED = re.compile(r"\.[0-9]+$")


@attrs.frozen(order=True)
class TemplateKey:
    """What a text is found under: folder of the language, channel, name."""

    folder: str
    channel: Channel
    name: str

    def __str__(self) -> str:
        """Return it as a path: `en/email/thank-you`."""
        return f"{self.folder}/{self.channel}/{self.name}"

    @property
    def situation(self) -> str:
        """The name without the number of a further text."""
        return _NUMBERED.sub("", self.name)


NONE_OWN: Mapping[TemplateKey, MessageTemplate] = MappingProxyType({})


@functools.lru_cache(maxsize=1024)
def template_key(language: Language, channel: Channel, situation: str) -> TemplateKey | None:
    """Return the first text of a situation, or None where a channel has none.

    A channel of few words has one text for all first follow-ups.
    """
    folder = template_folder(language)
    for name in (situation, Situation.FIRST.value):
        if name in shipped_names(folder).get(channel, ()):
            return TemplateKey(folder, channel, name)
        if situation not in FIRSTS:
            break
    return None


def pick_template(
    first: TemplateKey, language: Language, *, turn: int, own: Mapping[TemplateKey, MessageTemplate]
) -> MessageTemplate:
    """Return the text for the `turn`-th use in one application, from 0.

    An own text stands in for all of ours of that situation, unless it has
    numbered ones beside it too.
    """
    chosen = _variant(first, turn)
    for candidate in (chosen, first) if own else ():
        text = own.get(candidate)
        if text is not None:
            return text
    return load_shipped(chosen, american=language.american)


def template_folder(language: Language) -> str:
    """Return the folder of a language's texts, in its form of address."""
    informal = f"{language.code}{INFORMAL}"
    return informal if language.informal and shipped_names(informal) else language.code


@functools.lru_cache(maxsize=1024)
def _variant(first: TemplateKey, turn: int) -> TemplateKey:
    names = variants(first)
    return TemplateKey(first.folder, first.channel, names[turn % len(names)])


@functools.cache
def variants(first: TemplateKey) -> tuple[str, ...]:
    """Return the names of the shipped texts of a situation, in order."""
    names = shipped_names(first.folder)[first.channel]
    numbered = [f"{first.name}.{n}" for n in range(2, len(names) + 2)]
    return (first.name, *(name for name in numbered if name in names))


@functools.cache
def shipped_names(folder: str) -> dict[Channel, tuple[str, ...]]:
    """Return the names of all shipped texts of a folder, none where there is no such folder."""
    room = resources.files("afterword.messages").joinpath(folder)
    return {
        channel: tuple(
            sorted(f.name.removesuffix(".txt") for f in room.joinpath(channel).iterdir())
        )
        for channel in Channel
        if room.joinpath(channel).is_dir()
    }


@functools.cache
def load_shipped(which: TemplateKey, *, american: bool = False) -> MessageTemplate:
    """Return one of the texts that come with afterword."""
    room = resources.files("afterword.messages")
    file = room.joinpath(which.folder, which.channel, f"{which.name}.txt")
    source = file.read_text(encoding="utf-8")
    return MessageTemplate(
        place=f"{which}.txt",
        source=i18n.to_american(source) if american else source,
        has_subject=which.channel is Channel.EMAIL,
    )


MOST_BYTES = 20_000
_SUFFIX = ".txt"
_BACKUPS = ("~", ".bak", ".orig")


def read_user_templates(folder: Path) -> Mapping[TemplateKey, MessageTemplate]:
    """Return the own texts of a folder; none where it does not exist.

    Raises DraftError with all the mistakes of all files, each with its line.
    """
    if not folder.is_dir():
        return NONE_OWN
    known = {template_path(folder, title): title for title in user_template_keys()}
    own: dict[TemplateKey, MessageTemplate] = {}
    wrong: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.startswith(".") or path.name.endswith(_BACKUPS):
            continue
        title = known.get(path) if path.is_file() else None
        if title is None:
            wrong.append(f"{path}: {_unknown_template(path, folder, known)}")
            continue
        text, faults = _read_template(path, title)
        wrong += faults
        if text is not None:
            own[title] = text
    if wrong:
        raise DraftError(f"own drafts in {folder} cannot be used:", wrong)
    return own


def _read_template(path: Path, title: TemplateKey) -> tuple[MessageTemplate | None, list[str]]:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return None, [f"{path}: longer than {MOST_BYTES} bytes, which no message is"]
    try:
        source = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [f"{path}, line {line}: not UTF-8; save it as UTF-8"]
    text = MessageTemplate(
        place=str(path), source=source, has_subject=title.channel is Channel.EMAIL
    )
    return text, list(mistakes(text))


def user_template_keys() -> Iterator[TemplateKey]:
    """Yield everything that there is a shipped text for, in the order of folders."""
    for code in available_languages():
        for folder in (code, f"{code}{INFORMAL}"):
            for channel, names in shipped_names(folder).items():
                yield from (TemplateKey(folder, channel, name) for name in names)


def template_path(folder: Path, title: TemplateKey) -> Path:
    """Return where the own text of a title stands."""
    return folder / title.folder / title.channel / f"{title.name}{_SUFFIX}"


def template_source(title: TemplateKey, own: Mapping[TemplateKey, MessageTemplate]) -> str:
    """Return the source that a title is written with now."""
    return (own.get(title) or load_shipped(title)).source


def parse_template_name(
    typed: str, language: Language, channel: Channel = Channel.EMAIL
) -> TemplateKey:
    """Return the title that a person means by "thank-you" or "de/phone/first-follow-up".

    Raises UsageError with the nearest names.
    """
    parts = typed.removesuffix(_SUFFIX).strip("/").split("/")
    whole = "/".join((template_folder(language), channel.value)[: max(0, 3 - len(parts))])
    wanted = "/".join([*filter(None, [whole]), *parts])
    known = {str(title): title for title in user_template_keys()}
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "afterword drafts list shows all"
    raise UsageError(f"there is no draft {wanted}; {hint}")


def _unknown_template(path: Path, folder: Path, known: Mapping[Path, TemplateKey]) -> str:
    near = difflib.get_close_matches(str(path), [str(one) for one in known], n=1)
    hint = f"; did you mean {Path(near[0]).relative_to(folder)}?" if near else ""
    return f"no draft has this name, so it would never be used{hint}"
