"""Render templates with jinja2, restricted to variables, conditions and a few filters.

A user's template may come from a stranger, and jinja2's sandbox limits neither
time nor memory. Loops, calls and arithmetic are therefore rejected when a
template is compiled: it holds `{{ name }}`, `{% if name %}` and comparisons.
What is compiled is kept in the user's cache, because it takes 2 ms a template.

An e-mail template begins with a line "Subject: ...". A line break within a
paragraph becomes a space, except before "- "; an empty line ends a paragraph.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator
from types import CodeType
from typing import TYPE_CHECKING, NamedTuple

from afterword import __version__
from afterword.domain.sanitize import clean, clean_line
from afterword.domain.search_text import closest
from afterword.errors import DraftError
from afterword.messages.template_variables import NAMES, TemplateVariables
from afterword.system.cache_directory import make_cache_directory

if TYPE_CHECKING:
    from jinja2 import Environment, Template, nodes


_SUBJECT = "Subject:"
_WORD = re.compile(r"\w+")
_FILTERS = ("lower", "upper", "capitalize")
_HARD_BREAK = "\x0b"
_ITEM = f"{_HARD_BREAK}- "


class MessageTemplate(NamedTuple):
    """The source of a template; `filename` is used in error messages.

    Only e-mail has a subject.
    """

    filename: str
    source: str
    has_subject: bool = True


class RenderedMessage(NamedTuple):
    """The subject (empty unless for e-mail) and body of a message."""

    subject: str
    body: str


def render_template(template: MessageTemplate, variables: TemplateVariables) -> RenderedMessage:
    """Return the message made from a template.

    Raises DraftError for a template with syntax errors or disallowed syntax.
    """
    compiled, names = _compiled(template)
    values: dict[str, object] = {}
    for name in names:
        value = getattr(variables, name)
        values[name] = value.replace("\n", _HARD_BREAK) if isinstance(value, str) else value
    rendered = _rendered(compiled, values, template)
    if not template.has_subject:
        return RenderedMessage(subject="", body=variables.spelled(clean(_paragraphs(rendered))))
    subject, _, body = rendered.partition("\n")
    # A text constant of a template may hold any character, written as an escape.
    subject = clean_line(subject[len(_SUBJECT) :].replace(_HARD_BREAK, " "))
    return RenderedMessage(
        subject=variables.spelled(subject), body=variables.spelled(clean(_paragraphs(body)))
    )


def _rendered(compiled: Template, values: dict[str, object], template: MessageTemplate) -> str:
    """Render a compiled template. Raises DraftError for a comparison that Python does not have."""
    try:
        return compiled.render(values)
    except (TypeError, ValueError, ArithmeticError, RecursionError) as error:
        import traceback

        trace = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in trace if frame.filename == template.filename]
        message = f"it compares what cannot be compared: {clean_line(str(error))}"
        _raise_if_any(template, [(lines[-1] or 1 if lines else 1, message)])
        raise


def _paragraphs(body: str) -> str:
    parts = (part.strip("\n") for part in body.strip().split("\n\n"))
    joined = [part.replace("\n- ", _ITEM).replace("\n", " ") for part in parts if part]
    return "\n\n".join(joined).replace(_HARD_BREAK, "\n")


@functools.cache
def _environment() -> Environment:
    from jinja2 import FileSystemBytecodeCache, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    directory = make_cache_directory("templates")
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        bytecode_cache=FileSystemBytecodeCache(str(directory)) if directory else None,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def template_errors(template: MessageTemplate) -> tuple[str, ...]:
    """Return the errors of a template, each with file name and line."""
    try:
        _compiled(template)
    except DraftError as error:
        return error.notes
    return ()


@functools.lru_cache(maxsize=512)
def _compiled(template: MessageTemplate) -> tuple[Template, frozenset[str]]:
    """Return the compiled template and the names of the variables that it may use."""
    from jinja2 import Template

    environment = _environment()
    names = frozenset(NAMES).intersection(_WORD.findall(template.source))
    return Template.from_code(environment, _code(template, environment), {}), names


def _code(template: MessageTemplate, environment: Environment) -> CodeType:
    """Return the code of a template: from the cache, or else compiled, and added to it."""
    cache = environment.bytecode_cache
    if cache is None:
        return _compile(template, environment)
    # Another release may have other rules.
    key = ascii(template.filename), None, f"{__version__}\n{template.source}"
    try:
        bucket = cache.get_bucket(environment, *key)
    except Exception:  # noqa: BLE001 - a damaged file may raise any
        cache.clear()
        bucket = cache.get_bucket(environment, *key)
    if bucket.code is None:
        bucket.code = _compile(template, environment)
        with contextlib.suppress(OSError):
            cache.set_bucket(bucket)
    return bucket.code


def _compile(template: MessageTemplate, environment: Environment) -> CodeType:
    """Return the code of a template. Raises DraftError with all its errors."""
    from jinja2 import TemplateSyntaxError

    try:
        tree = environment.parse(template.source, filename=template.filename)
        errors = list(_disallowed_syntax(tree))
        if template.has_subject and not template.source.startswith(_SUBJECT):
            errors.insert(0, (1, f'the first line must begin with "{_SUBJECT}"'))
        _raise_if_any(template, errors)
        return environment.compile(tree, filename=template.filename)
    except TemplateSyntaxError as error:
        _raise_if_any(template, [(error.lineno, error.message or "not readable")])
        raise
    except (RecursionError, MemoryError, SyntaxError, ValueError):
        # Python's own limits on nesting and on the number of digits.
        _raise_if_any(template, [(1, "nested too deeply, or with a number too long, to be read")])
        raise


def _raise_if_any(template: MessageTemplate, errors: list[tuple[int, str]]) -> None:
    if errors:
        lines = [
            f"{template.filename}, line {line}: {error}" for line, error in dict.fromkeys(errors)
        ]
        raise DraftError("a draft cannot be used:", lines) from None


def _disallowed_syntax(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield line and error of every disallowed node; its children are not looked at."""
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


_NODE_LABELS = {
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
    label = "a calculation" if isinstance(node, nodes.BinExpr) else _NODE_LABELS.get(name, name)
    return f"a draft may say names and conditions, no more; here is {label}"


def _unknown_name(kind: str, name: str, allowed: tuple[str, ...]) -> str:
    near = closest(name, allowed)
    hint = f"; did you mean {near!r}?" if near else f"; known are {', '.join(allowed)}"
    return f"unknown {kind} {name!r}{hint}"
