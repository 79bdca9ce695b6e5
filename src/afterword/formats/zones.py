"""The names of time zones, as the IANA database has them."""

from __future__ import annotations

import datetime as dt
import functools
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from afterword.formats.values import MisreadError, line, meant, shown


def zone(value: Any) -> ZoneInfo:
    """Read the name of a time zone. Raises MisreadError with a guess at what was meant."""
    return _named(line(value))


@functools.lru_cache(maxsize=1024)
def _named(name: str) -> ZoneInfo:
    # The list decides, not the files: they also hold names that mean another
    # zone on each machine ("localtime"), and ignore case on some systems.
    if name in _names():
        return ZoneInfo(name)
    hint = _place(name) or meant(name, _likely(), cutoff=0.75)
    hint = hint or "; write a name such as 'Europe/Berlin'"
    raise MisreadError(f"unknown time zone {shown(name)}{hint}")


@functools.cache
def _names() -> frozenset[str]:
    names = resources.files("tzdata").joinpath("zones").read_text("ascii").split()
    # "Factory" is what a machine is set to before anybody has chosen.
    return frozenset(names) - {"Factory"}


def _likely() -> list[str]:
    # The signs of "Etc/GMT+2" are the reverse of what everybody expects.
    return sorted(name for name in _names() if "GMT" not in name)


def _place(name: str) -> str:
    """Return the guess for a city without its continent ("Berlin"), or ""."""
    city = "_".join(name.split()).casefold()
    zones = [known for known in _likely() if known.rpartition("/")[2].casefold() == city]
    return f"; did you mean {zones[0]!r}?" if zones else ""


def instant(local: dt.datetime, place: dt.tzinfo) -> dt.datetime:
    """Return the instant that clocks in a zone show as this naive local time.

    Of a time that comes twice, where clocks go back, it is the first. Raises
    MisreadError for one that does not come, where they go forward.
    """
    shown_as = local.replace(tzinfo=place)
    if shown_as.astimezone(dt.UTC).astimezone(place).replace(tzinfo=None) == local:
        return shown_as
    # PEP 495: the one reading takes the offset before the change, the other that after it.
    earlier, later = (
        local.replace(tzinfo=place, fold=fold).astimezone(dt.UTC).astimezone(place)
        for fold in (1, 0)
    )
    raise MisreadError(
        f"{local:%Y-%m-%d %H:%M} does not exist in {place}, where clocks go forward over it; "
        f"did you mean {earlier:%Y-%m-%dT%H:%M:%S} or {later:%Y-%m-%dT%H:%M:%S}?"
    )
