"""Calendar apps, how they treat a calendar file, and the file that each needs.

README shows all tables. Sources: the measurements of the tests, and threads such as
sportstimes/f1#848 (Google), Gowee/lccal-worker#9 (Outlook), nextcloud/calendar#1508.
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class CalendarApp(NamedTuple):
    """An app or a route into it; each cell begins with yes, no, or the exception.

    `subscribed`: an alarm rings in a calendar that the app subscribes to by its address.
    """

    name: str
    rings: str
    updates: str
    cancels: str
    subscribed: str


CALENDAR_APPS = (
    CalendarApp(
        name="Apple Calendar (macOS, iOS)",
        rings="yes",
        updates="yes",
        cancels="hidden or struck out",
        subscribed='yes, if you leave "Remove Alerts" off',
    ),
    CalendarApp(
        name="Thunderbird, Evolution, GNOME, KDE",
        rings="yes",
        updates="yes, in place",
        cancels="yes",
        subscribed="yes in Thunderbird",
    ),
    CalendarApp(
        name="Google Calendar, on the web",
        rings="no: its own default notification rings",
        updates="not promised",
        cancels="not promised",
        subscribed="no",
    ),
    CalendarApp(
        name="Outlook",
        rings="yes, one for each event",
        updates="no: import makes doubles",
        cancels="no",
        subscribed="no",
    ),
    CalendarApp(
        name="Nextcloud, on the web",
        rings="yes",
        updates="no: known events are refused",
        cancels="no",
        subscribed="not promised",
    ),
    CalendarApp(
        name="Android: ICSx5",
        rings="yes, unless switched off there",
        updates="yes, it is a subscription",
        cancels="yes",
        subscribed="yes, unless switched off there",
    ),
    CalendarApp(
        name="Android: Etar, Fossify, from a file",
        rings="no",
        updates="no",
        cancels="no",
        subscribed="yes, through ICSx5",
    ),
)

ADD_LINK = CalendarApp(
    name="Google Calendar, Outlook: by an add link",
    rings="no: their own default notification rings",
    updates="no: a second click makes a double",
    cancels="no",
    subscribed="no: a link is a single event",
)


class ImportApp(enum.StrEnum):
    """An app that a calendar file can be made for."""

    APPLE = "apple"
    GOOGLE = "google"
    OUTLOOK = "outlook"
    NEXTCLOUD = "nextcloud"
    THUNDERBIRD = "thunderbird"


class ExportProfile(NamedTuple):
    """The events that an app needs in a file.

    `windows`: with the all-day events of windows. `alarms`: with an alarm in each event that
    rings. `updates`: a second import changes events, and cancels them; without it a file has
    only new and changed events, and the old ones have to be deleted by hand. `note` is for the
    user who imports the file.
    """

    app: ImportApp
    windows: bool
    alarms: bool
    updates: bool
    note: str


EXPORT_PROFILES = {
    profile.app: profile
    for profile in (
        ExportProfile(
            app=ImportApp.APPLE,
            windows=True,
            alarms=True,
            updates=True,
            note="import it into the same calendar each time: events are updated",
        ),
        # Files cannot set alarms there, and all-day events would ring at a wrong time.
        ExportProfile(
            app=ImportApp.GOOGLE,
            windows=False,
            alarms=False,
            updates=False,
            note="alarms of files are ignored there: give the calendar a default notification of"
            " 0 minutes",
        ),
        ExportProfile(
            app=ImportApp.OUTLOOK,
            windows=False,
            alarms=True,
            updates=False,
            note="import each file only once: a second import makes doubles",
        ),
        ExportProfile(
            app=ImportApp.NEXTCLOUD,
            windows=True,
            alarms=True,
            updates=False,
            note="delete old events before you import: known events are refused; afterword sync"
            " does all of this for you",
        ),
        ExportProfile(
            app=ImportApp.THUNDERBIRD,
            windows=True,
            alarms=True,
            updates=True,
            note="import it into the same calendar each time: events are updated in place",
        ),
    )
}
