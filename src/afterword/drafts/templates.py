"""Texts into words: jinja2, cut down to names, conditions and their texts.

A text of one's own may come from a stranger, and the sandbox of jinja2 bounds
neither time nor memory. So nothing that could loop, call or compute compiles:
a text holds `{{ name }}`, `{% if name %}`, comparisons and a few filters.

An e-mail begins with a line "Subject: ...". A line break within a paragraph is
a blank, except before "- "; an empty line begins a paragraph.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from afterword.drafts.context import NAMES
from afterword.errors import DraftError

if TYPE_CHECKING:
    from jinja2 import Environment, Template, nodes

_SUBJECT = "Subject:"
_FILTERS = ("lower", "upper", "capitalize")
_KEPT_BREAK = "\x0b"
_BLANK_LINES = re.compile(r"\n{2,}")
_JOINED = re.compile(r"(?<!\n)\n(?!\n|- )")


@attrs.frozen(kw_only=True)
class Text:
    """The source of one text; `place` is what a mistake in it is reported under.

    Only e-mail has a subject.
    """

    place: str
    source: str
    has_subject: bool = True


@attrs.frozen(kw_only=True)
class Rendered:
    """A rendered text."""

    subject: str
    body: str


def render(text: Text, variables: dict[str, str | bool]) -> Rendered:
    """Return the words of a text.

    Raises DraftError for a text that cannot be read or says more than it may.
    """
    kept = {
        name: value.replace("\n", _KEPT_BREAK) if value.__class__ is str else value
        for name, value in variables.items()
    }
    rendered = _compiled(text).render(kept)
    if not text.has_subject:
        return Rendered(subject="", body=_paragraphs(rendered))
    subject, _, body = rendered.partition("\n")
    return Rendered(subject=subject[len(_SUBJECT) :].strip(), body=_paragraphs(body))


def _paragraphs(body: str) -> str:
    joined = _JOINED.sub(" ", _BLANK_LINES.sub("\n\n", body.strip()))
    return joined.replace(_KEPT_BREAK, "\n")


@functools.cache
def _environment() -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


@functools.lru_cache(maxsize=512)
def _compiled(text: Text) -> Template:
    from jinja2 import Template, TemplateSyntaxError

    environment = _environment()
    try:
        tree = environment.parse(text.source, filename=text.place)
    except TemplateSyntaxError as error:
        raise DraftError(f"{text.place}, line {error.lineno}: {error.message}") from None
    mistakes = [*_without_subject(text), *_mistakes(tree)]
    if mistakes:
        raise DraftError(
            f"{text.place} cannot be used as a draft:",
            [f"line {line}: {what}" for line, what in mistakes],
        )
    code = environment.compile(tree, filename=text.place)
    return Template.from_code(environment, code, {})


def _without_subject(text: Text) -> Iterator[tuple[int, str]]:
    if text.has_subject and not text.source.startswith(_SUBJECT):
        yield 1, f'the first line must begin with "{_SUBJECT}"'


def _mistakes(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    from jinja2 import nodes

    allowed = (
        *(nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.If),
        *(nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Filter),
    )
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, allowed):
            yield node.lineno, f"{type(node).__name__} is more than a draft may do"
        elif isinstance(node, nodes.Name) and node.name not in NAMES:
            yield node.lineno, _unknown("name", node.name, NAMES)
        elif isinstance(node, nodes.Filter) and (node.name not in _FILTERS or node.args):
            yield node.lineno, _unknown("filter", node.name, _FILTERS)


def _unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
    return f"unknown {what} {name!r}{hint}"
