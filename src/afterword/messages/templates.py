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
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from afterword.errors import DraftError
from afterword.messages.template_variables import NAMES, TemplateVariables

if TYPE_CHECKING:
    from jinja2 import Environment, Template, nodes


_SUBJECT = "Subject:"
_FILTERS = ("lower", "upper", "capitalize")
_KEPT_BREAK = "\x0b"
_ITEM = f"{_KEPT_BREAK}- "


@attrs.frozen(kw_only=True)
class MessageTemplate:
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


def render_template(text: MessageTemplate, facts: TemplateVariables) -> Rendered:
    """Return the words of a text.

    Raises DraftError for a text that cannot be read or says more than it may.
    """
    template, names = _compiled(text)
    told = {name: getattr(facts, name) for name in names}
    for name, fact in told.items():
        if isinstance(fact, str):
            told[name] = fact.replace("\n", _KEPT_BREAK)
    rendered = template.render(told)
    if not text.has_subject:
        return Rendered(subject="", body=_paragraphs(rendered))
    subject, _, body = rendered.partition("\n")
    return Rendered(subject=subject[len(_SUBJECT) :].strip(), body=_paragraphs(body))


def _paragraphs(body: str) -> str:
    parts = (part.strip("\n") for part in body.strip().split("\n\n"))
    joined = [part.replace("\n- ", _ITEM).replace("\n", " ") for part in parts if part]
    return "\n\n".join(joined).replace(_KEPT_BREAK, "\n")


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


def mistakes(text: MessageTemplate) -> tuple[str, ...]:
    """Return what is wrong with a text, each mistake with its place and line."""
    try:
        _compiled(text)
    except DraftError as error:
        return error.notes
    return ()


@functools.lru_cache(maxsize=512)
def _compiled(text: MessageTemplate) -> tuple[Template, frozenset[str]]:
    """Return a text ready to be rendered, and the names that it uses."""
    from jinja2 import Template, TemplateSyntaxError, nodes

    environment = _environment()
    try:
        tree = environment.parse(text.source, filename=text.place)
        _refuse(text, [*_without_subject(text), *_beyond(tree)])
        code = environment.compile(tree, filename=text.place)
    except TemplateSyntaxError as error:
        _refuse(text, [(error.lineno, error.message or "not readable")])
        raise
    except (RecursionError, MemoryError, SyntaxError, ValueError):
        # Python's own limits, on nesting and on the digits of a number.
        _refuse(text, [(1, "nested too deeply, or with a number too long, to be read")])
        raise
    names = frozenset(node.name for node in tree.find_all(nodes.Name))
    return Template.from_code(environment, code, {}), names


def _refuse(text: MessageTemplate, wrong: list[tuple[int, str]]) -> None:
    if wrong:
        lines = [f"{text.place}, line {line}: {what}" for line, what in dict.fromkeys(wrong)]
        raise DraftError("a draft cannot be used:", lines) from None


def _without_subject(text: MessageTemplate) -> Iterator[tuple[int, str]]:
    if text.has_subject and not text.source.startswith(_SUBJECT):
        yield 1, f'the first line must begin with "{_SUBJECT}"'


def _beyond(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield what goes beyond names, conditions and their texts; nothing inside that again."""
    from jinja2 import nodes

    allowed = (
        *(nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.If),
        *(nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Filter),
    )
    open_nodes: list[nodes.Node] = [tree]
    while open_nodes:
        for node in open_nodes.pop().iter_child_nodes():
            if not isinstance(node, allowed):
                yield node.lineno, _forbidden(node)
                continue
            open_nodes.append(node)
            if isinstance(node, nodes.Name) and node.name not in NAMES:
                yield node.lineno, _unknown_name("name", node.name, NAMES)
            elif isinstance(node, nodes.Filter) and (node.name not in _FILTERS or node.args):
                yield node.lineno, _unknown_name("filter", node.name, _FILTERS)


_SPOKEN = {
    "Getattr": "a dot after a name",
    "Getitem": "an index",
    "Call": "a call",
    "For": "a loop",
    "Include": "another file",
    "Import": "another file",
    "FromImport": "another file",
    "Extends": "another file",
    "Assign": "setting a name",
}


def _forbidden(node: nodes.Node) -> str:
    from jinja2 import nodes

    name = type(node).__name__
    what = "a calculation" if isinstance(node, nodes.BinExpr) else _SPOKEN.get(name, name)
    return f"a draft may say names and conditions, no more; here is {what}"


def _unknown_name(what: str, name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
    return f"unknown {what} {name!r}{hint}"
