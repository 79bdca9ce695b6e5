"""Invitations as real calendars send them, compared with golden readings."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterword.domain.sanitize import for_terminal
from afterword.errors import InputError
from afterword.importers.invitation.invitation_model import InvitationReading, as_json
from afterword.importers.invitation.invitation_reader import read_invitation

FOLDER = Path(__file__).parents[2] / "fixtures" / "invitations"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".ics", ".eml"})


def _expected(path: Path) -> dict[str, Any]:
    beside = path.with_name(f"{path.name}.json")
    expected: dict[str, Any] = json.loads(beside.read_text("utf-8"))
    return expected


def _read(path: Path, options: dict[str, Any]) -> InvitationReading:
    zone, at = options.get("employer_zone"), options.get("at")
    return read_invitation(
        path.read_bytes(),
        source=path.name,
        me=options.get("me", ()),
        employer_zone=ZoneInfo(zone) if zone else None,
        at=dt.datetime.fromisoformat(at) if at else None,
    )


def _reading_of(path: Path) -> dict[str, Any]:
    try:
        reading = _read(path, _expected(path).get("options", {}))
    except InputError as error:
        return {"error": str(error).split("\n")}
    return {
        "notices": list(reading.notices),
        "events": [as_json(invitation) for invitation in reading.invitations],
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_read_as_written_beside_it(path: Path) -> None:
    expected = _expected(path)
    expected.pop("options", None)
    assert _reading_of(path) == expected


def test_every_reading_has_its_invitation() -> None:
    assert {path.name.removesuffix(".json") for path in FOLDER.glob("*.json")} == {
        path.name for path in FILES
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_that_is_read_can_move_a_terminal(path: Path) -> None:
    # As people see it; JSON escapes what this is about.
    formatted = str(_reading_of(path))
    assert for_terminal(formatted) == formatted.replace("\u202e", "")


def test_files_of_a_run_do_not_affect_each_other() -> None:
    first, second = (
        FOLDER / f"exchange-customized-zone-of-{name}.ics"
        for name in ("central-europe", "new-york")
    )
    apart = [_reading_of(first), _reading_of(second)]
    assert [_reading_of(second), _reading_of(first)] == apart[::-1]


def test_the_vtimezone_of_a_file_is_not_used_for_the_next() -> None:
    _reading_of(FOLDER / "exchange-customized-zone-of-new-york.ics")
    without = (FOLDER / "exchange-customized-zone-of-new-york.ics").read_bytes()
    begin, end = without.index(b"BEGIN:VTIMEZONE"), without.index(b"BEGIN:VEVENT")
    with pytest.raises(InputError, match="'Customized Time Zone' is not known"):
        read_invitation(without[:begin] + without[end:], source="x.ics")


def test_a_description_is_plain_text_without_its_conference_block() -> None:
    reading = _read(FOLDER / "google-request-with-meet-block.ics", {})
    text = reading.invitations[0].description
    assert text.startswith(
        "Dear Sam,\nwe look forward to talking about the Marketing Manager role."
    )
    assert "- Bring your portfolio\n- Ask us anything" in text
    assert "<" not in text
    assert reading.invitations[0].role is not None
