"""Fit tables and paragraphs to the terminal, measured in its columns instead of characters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from afterword.cli.ui.output import (
    CLUSTER,
    StyledText,
    break_lines,
    display_width,
    echo,
    styled,
    terminal_width,
    wrap_text,
)

Cell = str | StyledText
Row = Sequence[StyledText]

_GAP = "  "
_INDENT = "  "
_WIDEST = 40
_WIDEST_IN_PIPES = 100
_NARROWEST = 20
_EMPTY = styled("")


def cut_to_width(text: str, width: int) -> str:
    """Return the text in at most `width` columns, with an ellipsis where it was longer."""
    if display_width(text) <= width:
        return text
    clusters, used = [], 1
    for cluster in CLUSTER.findall(text):
        used += display_width(cluster)
        if used > width:
            break
        clusters.append(cluster)
    return "".join(clusters) + "…"


def split_to_width(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` columns; longer words are split."""
    lines = [""]
    for cluster in (c for line in break_lines(text, width) for c in (*CLUSTER.findall(line), "\n")):
        if cluster == "\n" or display_width(lines[-1] + cluster) > width:
            lines.append("")
        lines[-1] += cluster.strip("\n")
    return [line.strip() for line in lines if line.strip()] or [""]


def format_table(rows: Sequence[Sequence[Cell]], *, width: int | None) -> Iterator[Row]:
    """Yield the rows as parts of lines that fit the width, broken between words.

    Where the last column has too little room beside the others, it gets a line of its own below
    them; where even they do not fit, the cells of a row follow each other. Without a width a row
    is one line and nothing is cut, as programs read pipes line by line.
    """
    if not rows:
        return
    table = [[*map(_styled_cell, row)] for row in rows]
    *columns, last_column = zip(*table, strict=True)
    widest = [max(map(_cell_width, column)) for column in columns]
    if width is None:
        widest = [min(_WIDEST_IN_PIPES, each) for each in widest]
        for *cells, last in table:
            yield _aligned(cells, widest, last)
        return
    widest = [min(_WIDEST, each) for each in widest]
    last_room = _narrowest(last_column, width)
    narrowest = [_narrowest(column, width) for column in columns]
    gaps = len(_GAP) * len(columns)
    widest = [max(pair) for pair in zip(widest, narrowest, strict=True)]
    beside = _shrunk(widest, widest, width - gaps - last_room)
    below = _shrunk(widest, narrowest, width - gaps + len(_GAP))
    for row in table:
        if beside is not None:
            yield from _lines_beside(row, beside, width)
        elif below is not None:
            yield from _lines_below(row, below, width)
        else:
            yield from _flowing_lines(row, width)


def echo_table(rows: Sequence[Sequence[Cell]], *, indent: str = "") -> None:
    """Print the rows as a table that fits the terminal."""
    width = terminal_width()
    for line in format_table(rows, width=width and width - len(indent)):
        echo(indent, *line)


def echo_wrapped(text: str, *, indent: str = "", hanging: str = "", **look: Any) -> None:
    """Print a line of the result; further lines are indented by `hanging`, too."""
    width = terminal_width()
    first, *rest = wrap_text(text, width, indent=indent)
    echo(styled(first, **look))
    for line in wrap_text(" ".join(map(str.strip, rest)), width, indent=indent + hanging):
        if rest:
            echo(styled(line, **look))


def echo_paragraphs(text: str) -> None:
    """Print a text with its line breaks, and wrap its lines on a terminal."""
    width = terminal_width()
    for line in text.split("\n"):
        for part in wrap_text(line, width):
            echo(part)


def _styled_cell(cell: Cell) -> StyledText:
    return cell if isinstance(cell, StyledText) else styled(cell)


def _cell_width(cell: StyledText) -> int:
    return display_width(cell.text)


def _narrowest(column: Row, width: int) -> int:
    """Return the width below which a column is hard to read: its words and its dates stay whole.

    A word that no line can hold is cut, and counts less.
    """
    words = [display_width(word) for cell in column for word in cell.text.split()]
    longest = max((_WIDEST if word > width else word for word in words), default=0)
    return max(longest, min(_NARROWEST, max(map(_cell_width, column))))


def _shrunk(widest: Sequence[int], narrowest: Sequence[int], room: int) -> list[int] | None:
    """Return widths that fit in the room, the widest columns shrunk first; None if none fit."""
    widths = [*widest]
    while sum(widths) > room:
        shrinkable = [n for n, narrow in enumerate(narrowest) if widths[n] > narrow]
        if not shrinkable:
            return None
        widths[max(shrinkable, key=lambda n: widths[n])] -= 1
    return widths


def _lines_beside(row: Row, widths: Sequence[int], width: int) -> Iterator[Row]:
    """Yield the lines of a row with its last cell beside the others."""
    room = width - sum(widths) - len(_GAP) * len(widths)
    wrapped = [_fitted(cell, each) for cell, each in zip(row, [*widths, room], strict=True)]
    for *cells, last in itertools.zip_longest(*wrapped, fillvalue=_EMPTY):
        yield _aligned(cells, widths, last)


def _lines_below(row: Row, widths: Sequence[int], width: int) -> Iterator[Row]:
    """Yield the lines of a row with its last cell below the others."""
    *cells, last = row
    wrapped = [_fitted(cell, each) for cell, each in zip(cells, widths, strict=True)]
    for line in itertools.zip_longest(*wrapped, fillvalue=_EMPTY):
        yield _aligned(line, widths, _EMPTY)
    yield from _indented(last, width)


def _flowing_lines(row: Row, width: int) -> Iterator[Row]:
    """Yield the cells of a row side by side while they fit, the last on a new line."""
    *cells, last = row
    line: list[StyledText] = []
    before, used = "", 0
    for cell in (each for each in cells if each.text):
        for part in _fitted(cell, width - len(_INDENT)):
            if used + len(before) + _cell_width(part) > width:
                yield tuple(line)
                line, before, used = [], _INDENT, 0
            line += [styled(before), part]
            used += len(before) + _cell_width(part)
            before = _GAP
    yield tuple(line)
    yield from _indented(last, width)


def _indented(cell: StyledText, width: int) -> Iterator[Row]:
    if cell.text:
        for line in _fitted(cell, width - len(_INDENT)):
            yield styled(_INDENT), line


def _aligned(cells: Row, widths: Sequence[int], last: StyledText) -> Row:
    """Return the parts of a line, without blanks at its end."""
    parts: list[StyledText] = []
    for cell, width in zip(cells, widths, strict=True):
        parts += [cell, styled(" " * (width - _cell_width(cell)) + _GAP)]
    parts.append(last)
    while parts and not parts[-1].text.strip():
        parts.pop()
    return tuple(parts)


def _fitted(cell: StyledText, width: int) -> list[StyledText]:
    """Return a cell in lines; a word that is too long is broken at its hyphens, or cut."""
    words = cell.text.split()
    if any(display_width(word) > width for word in words):
        words = [part for word in words for part in _parts_of_word(word, width)]
    return [
        cell._replace(text=cut_to_width(line, width))
        for line in break_lines(" ".join(words), width)
    ]


def _parts_of_word(word: str, width: int) -> list[str]:
    parts = [""]
    for piece in re.findall(r"[^-]*-|[^-]+", word):
        if display_width(parts[-1] + piece) <= width or not parts[-1]:
            parts[-1] += piece
        else:
            parts.append(piece)
    return parts
