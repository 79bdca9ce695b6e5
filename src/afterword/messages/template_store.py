"""Find message templates: the shipped files and the user's replacements.

A situation can have several templates (`thank-you`, `thank-you.2`, ...), so that
interviewers who compare notes, or a second round, do not get the same text twice.
A language with two forms of address has a second folder (`de-informal`) with the
texts that differ from those of the first (`de`); the others are shared.

A user's template (`FOLDER/en/email/thank-you.txt`) replaces the shipped one of
that name. Any other file there is reported, since it would never be used.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from afterword.domain.model import Application, Channel
from afterword.domain.sanitize import clean
from afterword.domain.search_text import closest
from afterword.errors import DraftError, UsageError
from afterword.messages import fact_rules
from afterword.messages.display_names import to_american
from afterword.messages.i18n import Language, available_languages, get_language
from afterword.messages.message_context import FIRST_FOLLOW_UPS, Situation
from afterword.messages.templates import MessageTemplate, template_errors

INFORMAL_SUFFIX = "-informal"
MAX_TEMPLATE_BYTES = 20_000
_FOLDER = Path(__file__).parent
_SUFFIX = ".txt"
_BACKUP_SUFFIXES = ("~", ".bak", ".orig")


class TemplateKey(NamedTuple):
    """Identifies a template: folder of the language, channel, name."""

    folder: str
    channel: Channel
    name: str

    @property
    def language(self) -> str:
        """The code of its language, without the form of address."""
        return self.folder.removesuffix(INFORMAL_SUFFIX)

    @property
    def is_variant(self) -> bool:
        """True if it is another version of a text, as `thank-you.2` is."""
        return self.name.rpartition(".")[2].isdecimal()

    def __str__(self) -> str:
        """Return it as a path: `en/email/thank-you`."""
        return f"{self.folder}/{self.channel}/{self.name}"


_PARTS_NAMED = 4
NO_USER_TEMPLATES: Mapping[TemplateKey, MessageTemplate] = MappingProxyType({})


@functools.lru_cache(maxsize=1024)
def template_key(language: Language, channel: Channel, situation: str) -> TemplateKey | None:
    """Return the first template of a situation, or None if the channel has none.

    Phone and LinkedIn share one template among all first follow-ups.
    """
    folder = template_folder(language)
    for name in (situation, Situation.FIRST.value):
        if name in shipped_names(folder).get(channel, ()):
            return TemplateKey(folder, channel, name)
        if situation not in FIRST_FOLLOW_UPS:
            break
    return None


@functools.lru_cache(maxsize=1024)
def find_letter(situation: str, language: Language, channel: Channel) -> TemplateKey:
    """Return the template of a situation on the channel, or else that for e-mail.

    English stands in for a language that has neither.
    """
    for tongue in (language, _english(language)):
        for candidate in (channel, Channel.EMAIL):
            key = template_key(tongue, candidate, situation)
            if key is not None:
                return key
    raise LookupError(f"no text for {situation} in English")


def _english(language: Language) -> Language:
    return get_language("en", informal=language.informal)


def language_of(key: TemplateKey, language: Language) -> Language:
    """Return the chosen language, or English for an English template."""
    return language if key.language == language.code else _english(language)


def language_notes(
    written_in: Language, chosen: Language, reader: Language, *, has_facts: bool
) -> Iterator[str]:
    """Yield remarks on the parts of a message that are missing in the chosen language."""
    if written_in.code != chosen.asked:
        yield reader.translate(
            "There is no text for this in the language “{language}” yet, so it is in English.",
            language=chosen.asked,
        )
        return
    if not chosen.is_translated:
        yield reader.translate(
            "The greeting, the closing and the dates are in English: the language “{language}” "
            "has no words for them yet.",
            language=chosen.code,
        )
    if has_facts and not fact_rules.load_rules(chosen.code).frames:
        yield reader.translate(
            "Talking points and experience are sentences of their own: the language “{language}” "
            "has no sentences around them yet.",
            language=chosen.code,
        )


def describe_missing_parts(tag: str) -> str | None:
    """Return for which parts of a language English stands in, None if for none.

    It is a sentence with their count and the first of them, such as "email/thank-you".
    """
    language = get_language(tag)
    letters = [
        (channel, name)
        for channel, names in shipped_names("en").items()
        for name in names
        if not TemplateKey("en", channel, name).is_variant
    ]
    missing = [
        f"{channel}/{name}"
        for channel, name in letters
        if find_letter(name, language, channel).language != language.code
    ]
    if not fact_rules.load_rules(language.code).frames:
        missing.insert(0, "facts.toml")
    if not language.is_translated:
        missing.insert(0, "messages.po")
    if not missing:
        return None
    rest = len(missing) - _PARTS_NAMED
    names = missing if rest <= 1 else [*missing[:_PARTS_NAMED], f"and {rest} more"]
    return (
        f'{len(missing)} of the {len(letters) + 2} parts of "{language.code}" are missing, and '
        f"English stands in for them: {', '.join(names)}"
    )


def first_letter(application: Application) -> int:
    """Return a number that decides which letters and sentences an application starts with."""
    return _first_letter(application.id, *application.applicant_key)


# Every message of an application asks for it, and every tip.
@functools.lru_cache(maxsize=8)
def _first_letter(*key: str) -> int:
    return int.from_bytes(hashlib.sha256("\n".join(key).encode()).digest()[:4])


def pick_template(
    key: TemplateKey,
    language: Language,
    *,
    earlier_uses: int,
    user_templates: Mapping[TemplateKey, MessageTemplate],
) -> MessageTemplate:
    """Return the template for a message, given how many in the application used it before.

    A user's template replaces all variants of the situation, unless there are
    user templates for its variants too.
    """
    names = _variant_names(key)
    variant = TemplateKey(key.folder, key.channel, names[earlier_uses % len(names)])
    for candidate in (variant, key) if user_templates else ():
        template = user_templates.get(candidate)
        if template is not None:
            return template
    return load_shipped(variant, american=language.american)


def template_folder(language: Language) -> str:
    """Return the name of a language's folder, in its form of address."""
    informal = f"{language.code}{INFORMAL_SUFFIX}"
    return informal if language.informal and shipped_names(informal) else language.code


@functools.cache
def _variant_names(key: TemplateKey) -> tuple[str, ...]:
    """Return the names of the shipped templates of a situation, in order."""
    names = shipped_names(key.folder)[key.channel]
    numbered = [f"{key.name}.{n}" for n in range(2, len(names) + 2)]
    return (key.name, *(name for name in numbered if name in names))


@functools.cache
def shipped_names(folder: str) -> dict[Channel, tuple[str, ...]]:
    """Return the names of all shipped templates of a folder; empty if there is no such folder.

    A folder for informal address has the names of its language, too.
    """
    if not (_FOLDER / folder).is_dir():
        return {}
    names: dict[Channel, tuple[str, ...]] = {}
    for channel in Channel:
        directories = [_FOLDER / each / channel for each in _folders_with_base(folder)]
        files = (f.name for each in directories if each.is_dir() for f in each.iterdir())
        templates = {name.removesuffix(_SUFFIX) for name in files if name.endswith(_SUFFIX)}
        if templates:
            names[channel] = tuple(sorted(templates))
    return names


def _folders_with_base(folder: str) -> tuple[str, ...]:
    """Return a folder and, if it is for informal address, that of its language."""
    base = folder.removesuffix(INFORMAL_SUFFIX)
    return (folder,) if base == folder else (folder, base)


def shipped_keys() -> Iterator[TemplateKey]:
    """Yield the keys of all shipped templates, folder by folder; a user can replace each."""
    for code in available_languages():
        for folder in (code, f"{code}{INFORMAL_SUFFIX}"):
            for channel, names in shipped_names(folder).items():
                yield from (TemplateKey(folder, channel, name) for name in names)


@functools.cache
def load_shipped(key: TemplateKey, *, american: bool = False) -> MessageTemplate:
    """Return a shipped template, in American spelling if asked for."""
    folders = _folders_with_base(key.folder)
    files = (template_path(_FOLDER, key._replace(folder=folder)) for folder in folders)
    file = next(each for each in files if each.is_file())
    source = file.read_text(encoding="utf-8")
    return MessageTemplate(
        filename=f"{key}{_SUFFIX}",
        source=to_american(source) if american else source,
        has_subject=key.channel is Channel.EMAIL,
    )


def read_user_templates(folder: Path) -> Mapping[TemplateKey, MessageTemplate]:
    """Return the user's templates from a folder; empty if it does not exist.

    Raises DraftError with the mistakes of all files, each with its line.
    """
    if not folder.is_dir():
        return NO_USER_TEMPLATES
    keys = {template_path(folder, key): key for key in shipped_keys()}
    templates: dict[TemplateKey, MessageTemplate] = {}
    problems: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.startswith(".") or path.name.endswith(_BACKUP_SUFFIXES):
            continue
        key = keys.get(path) if path.is_file() else None
        if key is None:
            problems.append(f"{path}: {_unused_name(path, folder, keys)}")
            continue
        template, mistakes = _read_template(path, key)
        problems += mistakes
        if template is not None:
            templates[key] = template
    if problems:
        raise DraftError(f"own drafts in {folder} cannot be used:", problems)
    return templates


def _read_template(path: Path, key: TemplateKey) -> tuple[MessageTemplate | None, list[str]]:
    with path.open("rb") as file:
        data = file.read(MAX_TEMPLATE_BYTES + 1)
    if len(data) > MAX_TEMPLATE_BYTES:
        return None, [f"{path}: longer than {MAX_TEMPLATE_BYTES} bytes, which no message is"]
    try:
        source = clean(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [f"{path}, line {line}: not UTF-8; save it as UTF-8"]
    template = MessageTemplate(
        filename=str(path), source=source, has_subject=key.channel is Channel.EMAIL
    )
    return template, list(template_errors(template))


def _unused_name(path: Path, folder: Path, keys: Mapping[Path, TemplateKey]) -> str:
    near = closest(str(path), map(str, keys))
    hint = f"; did you mean {Path(near).relative_to(folder)}?" if near else ""
    return f"no draft has this name, so it would never be used{hint}"


def template_path(folder: Path, key: TemplateKey) -> Path:
    """Return the path of a template below the user's folder, or that of the shipped ones."""
    return folder / f"{key}{_SUFFIX}"


def template_source(key: TemplateKey, user_templates: Mapping[TemplateKey, MessageTemplate]) -> str:
    """Return the source of the template in use: the user's, if there is a file, or the shipped."""
    return (user_templates.get(key) or load_shipped(key)).source


def parse_template_name(
    text: str, language: Language, channel: Channel = Channel.EMAIL
) -> TemplateKey:
    """Return the key for "thank-you" or "de/phone/first-follow-up", as typed by the user.

    Raises UsageError with the nearest name.
    """
    parts = text.removesuffix(_SUFFIX).strip("/").split("/")
    defaults = (template_folder(language), channel.value)[: max(0, 3 - len(parts))]
    name = "/".join([*defaults, *parts])
    keys = {str(key): key for key in shipped_keys()}
    if name in keys:
        return keys[name]
    near = closest(name, keys)
    hint = f"did you mean {near}?" if near else "afterword drafts list shows all"
    raise UsageError(f"there is no draft {name}; {hint}")
