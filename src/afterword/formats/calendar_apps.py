"""Calendar apps and how they treat a calendar file: the table that README shows."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class CalendarApp:
    """An app or a route into it; each cell begins with yes, no, or the exception."""

    name: str
    rings: str
    updates: str
    cancels: str


CALENDAR_APPS = (
    CalendarApp(
        name="Apple Calendar (macOS, iOS)",
        rings="yes",
        updates="yes",
        cancels="hidden or struck out",
    ),
    CalendarApp(
        name="Thunderbird, Evolution, GNOME, KDE",
        rings="yes",
        updates="yes, in place",
        cancels="yes",
    ),
    CalendarApp(
        name="Google Calendar, on the web",
        rings="no: its own default notification rings",
        updates="not promised",
        cancels="not promised",
    ),
    CalendarApp(
        name="Outlook",
        rings="yes, one for each event",
        updates="no: import makes doubles",
        cancels="no",
    ),
    CalendarApp(
        name="Nextcloud, on the web",
        rings="yes",
        updates="no: known events are refused",
        cancels="no",
    ),
    CalendarApp(
        name="Android: ICSx5",
        rings="yes, unless switched off there",
        updates="yes, it is a subscription",
        cancels="yes",
    ),
    CalendarApp(
        name="Android: Etar, Fossify, from a file",
        rings="no",
        updates="no",
        cancels="no",
    ),
    CalendarApp(
        name="Google Calendar, Outlook: by an add link",
        rings="no: their own default notification rings",
        updates="no: a second click makes a double",
        cancels="no",
    ),
)
