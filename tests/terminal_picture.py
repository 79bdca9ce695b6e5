"""Draw terminal output, with its colours, as an SVG picture for the README."""

from __future__ import annotations

import re
from html import escape

CHARACTER, LINE, MARGIN, TITLE_BAR = 8.4, 19, 16, 30
STYLES = {"1": "b", "2": "d", "31": "r", "32": "g", "33": "y"}
ESCAPE = re.compile(r"\x1b\[([\d;]*)m")
CSS = (
    "text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    "fill:#d8dee9;white-space:pre}.b{font-weight:bold}.d{opacity:.7}"
    ".r{fill:#f07178}.g{fill:#a3d977}.y{fill:#ffcb6b}"
)


def draw_terminal(text: str, columns: int) -> str:
    """Return an SVG of `text`, which may contain ANSI colours and fits `columns`."""
    lines = text.rstrip("\n").split("\n")
    width = round(columns * CHARACTER) + 2 * MARGIN
    height = TITLE_BAR + len(lines) * LINE + MARGIN
    rows = (
        f'<text x="{MARGIN}" y="{TITLE_BAR + (number + 1) * LINE - 5}">{_colour(line)}</text>'
        for number, line in enumerate(lines)
        if line
    )
    buttons = (
        f'<circle cx="{MARGIN + 5 + 20 * number}" cy="16" r="6" fill="{fill}"/>'
        for number, fill in enumerate(("#f07178", "#ffcb6b", "#a3d977"))
    )
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:space="preserve">',
            f"<style>{CSS}</style>",
            f'<rect width="{width}" height="{height}" rx="8" fill="#242933"/>',
            *buttons,
            *rows,
            "</svg>\n",
        )
    )


def _colour(line: str) -> str:
    """Return the line with a tspan for each stretch of a style."""
    first, *rest = ESCAPE.split(line)
    drawn = escape(first, quote=False)
    classes: list[str] = []
    for codes, stretch in zip(rest[::2], rest[1::2], strict=True):
        for code in codes.split(";"):
            classes = [*classes, STYLES[code]] if code not in {"", "0"} else []
        plain = escape(stretch, quote=False)
        styled = f'<tspan class="{" ".join(classes)}">{plain}</tspan>' if classes else plain
        drawn += styled if stretch else ""
    return drawn
