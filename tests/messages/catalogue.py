"""Keeps the catalogues of the languages in step with the sources.

`python -m tests.messages.catalogue` adds what is new in the sources to every
`messages.po`, drops what is gone, and writes the `messages.mo` that are read at
run time. Babel reads and writes the files; a plain install needs neither.
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
SHORT, INFORMAL = "short", "informal"

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
_MARKS = {"N_": None, "N_short": SHORT, "tell": None, "translate": None, "TranslatableText": None}


def in_sources() -> set[Key]:
    """Return every text that the sources may tell in a language."""
    return {key for path in sorted(SOURCES.rglob("*.py")) for key in _in_module(path)}


def _in_module(path: Path) -> Iterator[Key]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for scope in (tree, *functions):
        for call in (n for n in ast.walk(scope) if isinstance(n, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", None))
            if name not in _MARKS:
                continue
            named = [k.value for k in call.keywords if k.arg == "text"]
            for told in (*call.args[:1], *named):
                yield from ((_MARKS[name], text) for text in _texts(told, scope))


def _texts(told: ast.expr, scope: ast.AST) -> Iterator[str]:
    """Yield a text, either of two, or those of a local name that is set to texts."""
    if isinstance(told, ast.Name):
        values = [
            node.value
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == told.id for t in node.targets)
        ]
    else:
        values = [told]
    for value in values:
        for node in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def po_of(code: str) -> Path:
    """Return the catalogue of a language."""
    return SOURCES / "messages" / code / "messages.po"


def translated() -> list[str]:
    """Return the languages that need a catalogue: all but English."""
    return [code for code in i18n.available_languages() if code != "en"]


def read(code: str) -> Catalog:
    """Return the catalogue of a language, empty where there is none yet."""
    path = po_of(code)
    data = path.read_bytes() if path.exists() else b""
    return pofile.read_po(io.BytesIO(data), locale=code)


def compiled(catalogue: Catalog) -> bytes:
    """Return the bytes that gettext reads."""
    out = io.BytesIO()
    mofile.write_mo(out, catalogue)
    return out.getvalue()


def written(catalogue: Catalog) -> bytes:
    """Return the bytes of the catalogue that people edit."""
    out = io.BytesIO()
    pofile.write_po(out, catalogue, width=100, omit_header=True, sort_output=True)
    return _HEADER.format(code=catalogue.locale_identifier).encode() + out.getvalue()


def in_step(code: str) -> Catalog:
    """Return the catalogue of a language with just what the sources tell."""
    old = read(code)
    new = Catalog(locale=code, fuzzy=False)
    informal = {(m.context, str(m.id)) for m in old if m.context == INFORMAL}
    for context, text in sorted(in_sources() | informal, key=lambda key: (key[1], key[0] or "")):
        known = old.get(text, context)
        new.add(text, known.string if known else "", context=context)
    return new


def main() -> None:
    """Bring all catalogues in step."""
    for code in translated():
        catalogue = in_step(code)
        po_of(code).write_bytes(written(catalogue))
        po_of(code).with_suffix(".mo").write_bytes(compiled(catalogue))


if __name__ == "__main__":
    main()
