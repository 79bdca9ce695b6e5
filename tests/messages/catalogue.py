"""Update the translation catalogues from the sources: `python -m tests.messages.catalogue`.

Adds new texts to every `messages.po`, drops obsolete ones and compiles the
`messages.mo` that is read at run time. This needs Babel, a plain install does not.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

import afterword
from afterword.messages import i18n

SOURCES = Path(afterword.__file__).parent
INFORMAL = "informal"

Key = tuple[str | None, str]
"""Context and English text."""

_HEADER = """\
# The texts of afterword in this language: event texts, titles, reasons.
# Kept in step with the sources by: python -m tests.messages.catalogue
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_EXTRACTED_CALLS = {"N_", "translate", "TranslatableText"}


def source_texts() -> set[Key]:
    """Return the message ids that the sources use, each with its context."""
    return {key for path in sorted(SOURCES.rglob("*.py")) for key in _in_module(path)}


def _in_module(path: Path) -> Iterator[Key]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for scope in (tree, *functions):
        for call in (n for n in ast.walk(scope) if isinstance(n, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", None))
            if name not in _EXTRACTED_CALLS:
                continue
            keyword_arguments = [k.value for k in call.keywords if k.arg == "text"]
            for argument in (*call.args[:1], *keyword_arguments):
                yield from ((None, text) for text in _texts(argument, scope))


def _texts(argument: ast.expr, scope: ast.AST) -> Iterator[str]:
    """Yield the string literals that an argument can be: directly, by `if`, or by assignment."""
    if isinstance(argument, ast.Name):
        values = [
            node.value
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == argument.id for t in node.targets)
        ]
    else:
        values = [argument]
    for value in values:
        for node in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def po_path(code: str) -> Path:
    """Return the path of the catalogue of a language."""
    return SOURCES / "messages" / code / "messages.po"


def translated_languages() -> list[str]:
    """Return the codes of all languages but English."""
    return [code for code in i18n.available_languages() if code != "en"]


def read_catalogue(code: str) -> Catalog:
    """Return the catalogue of a language; empty if it has none yet."""
    path = po_path(code)
    data = path.read_bytes() if path.exists() else b""
    return pofile.read_po(io.BytesIO(data), locale=code)


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the content of an .mo file."""
    out = io.BytesIO()
    mofile.write_mo(out, catalogue)
    return out.getvalue()


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the content of a .po file."""
    out = io.BytesIO()
    pofile.write_po(out, catalogue, width=100, omit_header=True, sort_output=True)
    return _HEADER.format(code=catalogue.locale_identifier).encode() + out.getvalue()


def updated_catalogue(code: str) -> Catalog:
    """Return the catalogue of a language with the message ids of the sources."""
    old = read_catalogue(code)
    new = Catalog(locale=code, fuzzy=False)
    informal = {(m.context, str(m.id)) for m in old if m.context == INFORMAL}
    for context, text in sorted(source_texts() | informal, key=lambda key: (key[1], key[0] or "")):
        previous = old.get(text, context)
        new.add(text, previous.string if previous else "", context=context)
    return new


def main() -> None:
    """Update and compile all catalogues."""
    for code in translated_languages():
        catalogue = updated_catalogue(code)
        po_path(code).write_bytes(po_bytes(catalogue))
        po_path(code).with_suffix(".mo").write_bytes(mo_bytes(catalogue))


if __name__ == "__main__":
    main()
