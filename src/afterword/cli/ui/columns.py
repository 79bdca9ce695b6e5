"""Align rows of text in columns, measured in terminal columns instead of characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from afterword.cli.ui.output import StyledText

Cell = str | StyledText

_GAP = "  "
_WIDEST = 40
_NARROWEST = 20
_JOINER = "\u200d"
# One unit of what a terminal shows: a character and the marks on it, or an
# emoji with all that is joined to it.
_CLUSTER = re.compile(
    rf".(?:{_JOINER}.|[\u0300-\u036f\u200b-\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff])*", re.DOTALL
)


def display_width(text: str) -> int:
    """Return the number of terminal columns that a line of text takes."""
    if text.isascii():
        return len(text)
    return sum(_width(cluster) for cluster in _CLUSTER.findall(text))


def cut_to_width(text: str, width: int) -> str:
    """Return the text in at most `width` columns, with an ellipsis where it was longer."""
    if display_width(text) <= width:
        return text
    clusters, used = [], 1
    for cluster in _CLUSTER.findall(text):
        used += _width(cluster)
        if used > width:
            break
        clusters.append(cluster)
    return "".join(clusters) + "…"


def format_table(
    rows: Sequence[Sequence[Cell]], *, width: int | None
) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows as parts of lines; the last column is wrapped within `width`.

    All other columns are as wide as their widest cell, at most 40. Without a
    width nothing is wrapped: what reads a pipe wants one line a row.
    """
    columns = [
        min(_WIDEST, max(display_width(_text(cell)) for cell in column))
        for column in list(zip(*rows, strict=True))[:-1]
    ]
    indent = sum(columns) + len(_GAP) * len(columns)
    for row in rows:
        *cells, last = row
        first, *rest = _wrapped(_text(last), width and max(_NARROWEST, width - indent))
        padded = (_padded(cell, column) for cell, column in zip(cells, columns, strict=True))
        yield (*(part for cell in padded for part in cell), _like(last, first))
        for line in rest:
            yield (" " * indent, _like(last, line))


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, StyledText) else cell


def _like(cell: Cell, text: str) -> Cell:
    return cell._replace(text=text) if isinstance(cell, StyledText) else text


def _padded(cell: Cell, width: int) -> tuple[Cell, str]:
    text = cut_to_width(_text(cell), width)
    return _like(cell, text), " " * (width - display_width(text)) + _GAP


def _wrapped(text: str, width: int | None) -> list[str]:
    if width is None:
        return [text]
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".lstrip()
        if display_width(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return [cut_to_width(line, width) for line in lines]


def _width(cluster: str) -> int:
    """Return 0, 1 or 2; U+FE0F asks for the wide picture of a narrow sign."""
    if unicodedata.combining(cluster[0]) or unicodedata.category(cluster[0]) in {"Mn", "Me", "Cf"}:
        return 0
    wide = unicodedata.east_asian_width(cluster[0]) in {"W", "F"} or "\ufe0f" in cluster
    return 2 if wide else 1
