"""The color of a calendar as a word, printed in that color."""

from __future__ import annotations

import colorsys

from afterword.cli.ui.output import StyledText, styled

_PALE, _DARK, _LIGHT, _BROWN = 0.15, 0.2, 0.9, 0.6
# The largest hue in degrees of each colour word, and the terminal colour that is closest.
_HUES = (
    (15, "red", "red"),
    (42, "orange", "yellow"),
    (68, "yellow", "bright_yellow"),
    (160, "green", "green"),
    (195, "turquoise", "cyan"),
    (255, "blue", "blue"),
    (290, "purple", "magenta"),
    (340, "pink", "bright_magenta"),
    (360, "red", "red"),
)


def color_word(code: str | None) -> StyledText:
    """Return the word for a colour such as #FF8800 or #FF8800FF; nothing for none."""
    if not code:
        return styled("")
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if value < _DARK:
        return styled("black")
    if saturation < _PALE:
        return styled("white" if value > _LIGHT else "grey")
    word, look = next((word, look) for most, word, look in _HUES if hue * 360 <= most)
    return styled("brown" if word == "orange" and value < _BROWN else word, fg=look)
