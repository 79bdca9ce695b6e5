"""Tables made of pieces of real ones: each is read or refused, saved, and applied just once."""

from __future__ import annotations

import csv
import datetime as dt
import io
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.errors import InputError
from afterword.formats.application_file import application_reader, application_writer
from afterword.formats.application_file.application_editor import same_content
from afterword.importers.apply_spreadsheet import ApplyOptions, apply_rows, pair_with_stored
from afterword.importers.spreadsheet.cell_dates import DateOrder
from afterword.importers.spreadsheet.column_names import Column
from afterword.importers.spreadsheet.header import TableOptions
from afterword.importers.spreadsheet.spreadsheet_reader import read_table

BERLIN = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2027, 2, 1, 10, tzinfo=BERLIN)
TITLES = [
    *map(str, Column),
    *("Company Name", "Job Title", "Next Interview", "Interview Dates", "Second interview date"),
    *("Interview 3", "Start Date", "Start Time", "End Date", "Last updated", "Closed on", "Stage"),
    *("Status", "Outcome", "E-Mail", "Decision", "Erstes Gespräch", "Mood", ""),
]
DAYS = ["2027-02-21", "21/02/2027", "2/21/27", "21. Februar 2027", "Feb 21, 2027", "0001-01-01"]
CLOCKS = ["14:00", "2 pm", "2:00 PM", "14h30", "25:00", "14 Uhr", "00:00:00.000", "T9:00"]
ZONES = ["Z", "(GMT+1)", "EST", "CST", "UTC-04:00", "+14:00", "-99:00", "(Europe/Berlin)", "(A/B)"]
MARKS = [" → ", " - ", "-", "; ", ", ", " bis ", "\n", " "]
WORDS = [
    *("Rejected", "not", "yet", "Offer", "Absage", "On ice", "❌", "?", "(", "→", "Interview"),
    *("n/a", "TBD", "60", "1h", "DE", "Ada Obi", "ada@obi.example", "<ada@obi.example>", "&"),
    *("1970-01-01 00:30 UTC+14", "31/12/2199 23:59 UTC-12", "Rejected " * 2300, "1971-06-01"),
]
HARD_TEXTS = ["Con", "株式会社", '"Q" \\ Co', "x" * 19_999, "ä" * 10_001, "A\u2028B", "\x85\x1b[1m"]
PIECES = st.sampled_from([*DAYS, *CLOCKS, *ZONES, *MARKS, *WORDS]) | st.text(max_size=4)
CELLS = (
    st.lists(PIECES, max_size=6).map(" ".join)
    | st.lists(PIECES, max_size=4).map("".join)
    | st.datetimes().map(str)
    | st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())
    | st.tuples(*map(st.sampled_from, (DAYS, [" "], CLOCKS, [" ", ""], ZONES))).map("".join)
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Return a table whose first columns make most rows good."""
    titles = draw(st.lists(st.sampled_from(TITLES), max_size=8))
    rows = draw(st.lists(st.lists(CELLS, max_size=len(titles)), min_size=1, max_size=5))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=draw(st.sampled_from(",;\t")))
    writer.writerow(["Company", "Role", "Interview Date", *titles])
    for number, row in enumerate(rows):
        company = draw(st.sampled_from([f"Company {number % 2}", *HARD_TEXTS]))
        role = draw(st.sampled_from(["Buyer", "設計"]))
        writer.writerow([company, role, f"2027-01-{20 + number} 9:00", *row])
    return out.getvalue().encode("utf-8", "replace")


def check_table(data: bytes, *, partial: bool, dates: DateOrder | None) -> None:
    options = TableOptions(zone=BERLIN, partial=partial, dates=dates)
    try:
        reading = read_table(data, options, source="x.csv")
    except InputError:
        return
    ids = [interview.id for a in reading.applications for interview in a.interviews]
    assert len(set(ids)) == len(ids)
    assert reading.rows.keys() == set(ids)
    stored = []
    for application in reading.applications:
        assert all(interview.end > interview.start for interview in application.interviews)
        apply_options = ApplyOptions(now=NOW, zone=BERLIN, update=False)
        change = apply_rows(None, application, reading.rows, apply_options)
        # What the store writes, unread: its file says the same.
        file = application_writer.file_text(change.after).encode()
        (saved,) = application_reader.parse_applications(file, "saved.toml")
        assert same_content(saved, change.after)
        stored.append(change.after)
    for before, listed in pair_with_stored(stored, reading.applications):
        apply_options = ApplyOptions(now=NOW, zone=BERLIN, update=True)
        again = apply_rows(before, listed, reading.rows, apply_options)
        assert before is not None
        assert (again.new_ids, again.differences, again.after) == (frozenset(), (), before)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(tables(), st.booleans(), st.sampled_from([None, *DateOrder]))
def test_any_table_is_read_or_refused(data: bytes, partial: bool, dates: DateOrder | None) -> None:
    check_table(data, partial=partial, dates=dates)
