"""The table of calendar apps is in one place, and README shows all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterword.formats.calendar_apps import (
    ADD_LINK,
    CALENDAR_APPS,
    EXPORT_PROFILES,
    CalendarApp,
    ExportProfile,
    ImportApp,
)

README = Path(__file__).parents[2] / "README.md"
APPS = (
    "| app | an imported alarm rings | a second import updates | a cancellation arrives "
    "| in a subscription an alarm rings |"
)
ROUTES = (
    "| into Google | an alarm rings | changes arrive | a withdrawn event goes "
    "| what you do there is logged |"
)
TARGETS = "| `--for` | windows | alarms | a later export has | then |"


def rows_below(header: str) -> list[str]:
    _, _, after = README.read_text("utf-8").partition(f"{header}\n")
    return after.partition("\n\n")[0].splitlines()[1:]


def test_the_readme_shows_the_table() -> None:
    assert rows_below(APPS) == [f"| {' | '.join(app)} |" for app in (*CALENDAR_APPS, ADD_LINK)]


def test_the_routes_into_google_in_the_readme_agree_with_the_table() -> None:
    google = next(app for app in CALENDAR_APPS if app.name.startswith("Google"))
    by_sync, by_link, by_file = (row.strip("| ").split(" | ") for row in rows_below(ROUTES))

    assert all(by_sync)
    assert by_link[1:4] == [google.rings, ADD_LINK.updates, ADD_LINK.cancels]
    assert by_file[1:4] == [google.rings, google.updates, google.cancels]


def test_the_readme_shows_each_target_of_an_export() -> None:
    assert rows_below(TARGETS) == [target_row(profile) for profile in EXPORT_PROFILES.values()]
    assert list(EXPORT_PROFILES) == list(ImportApp)


def target_row(profile: ExportProfile) -> str:
    later = "all events, withdrawn ones as cancelled"
    if not profile.updates:
        later = "new and changed events; it lists the old ones to delete by hand"
    flags = ("yes" if flag else "no" for flag in (profile.windows, profile.alarms))
    return f"| `{profile.app}` | {' | '.join(flags)} | {later} | {profile.note} |"


@pytest.mark.parametrize("app", [*CALENDAR_APPS, ADD_LINK], ids=lambda app: app.name)
def test_each_cell_says_yes_or_no_or_what_happens(app: CalendarApp) -> None:
    assert all(app)
