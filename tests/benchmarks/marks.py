"""The marks: what people wait for, beside what the work itself costs.

Each is a ratio within one run: the commands are run in turn, the ratio is taken round
by round, and its median counts. Memory and requests are as they are.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path

import attrs

from tests.benchmarks import facts, inputs, references, sync
from tests.benchmarks.timing import MIB, ROUNDS, ratio, timed

AFTERWORD = ("-m", "afterword")
NOW = ("--now", "2026-02-20T08:00:00+01:00", "--zone", "Europe/Berlin")
CLICK = ("-c", "import click")

Values = dict[str, float]
Measure = Callable[[Path], Values]


@attrs.frozen
class Mark:
    """A figure with the value it must reach and the value it aims at; lower is better."""

    key: str
    title: str
    must: float
    aim: float


@attrs.frozen
class Group:
    """Figures that are measured together."""

    measure: Measure
    marks: tuple[Mark, ...]


def start_up(folder: Path) -> Values:
    """Return the figures of the commands that people run many times a day."""
    (folder / "ten").mkdir()
    facts.write(folder / "ten", 10)
    (folder / "one.toml").write_text(_ONE, encoding="utf-8")
    (folder / "country.toml").write_text(f'country = "DE-BE"\n{_ONE}', encoding="utf-8")
    store = ("--data", "ten", *NOW)
    for number in range(3 * ROUNDS + 1):  # each round logs the same message for the first time
        (folder / f"ten-{number}").mkdir()
        facts.write(folder / f"ten-{number}", 10)
    cases = {
        "--help": ("--help",),
        "next": ("next", *store),
        "sent": ("sent", "company-0", "thank-you", "--data", "ten-{round}", *NOW),
        "export": ("export", "one.toml", "-o", "one-{round}.ics", *NOW),
        "export, country": ("export", "country.toml", "-o", "country-{round}.ics", *NOW),
    }
    found = {
        name: ratio(folder, (*AFTERWORD, *arguments), CLICK, rounds=3 * ROUNDS)[0]
        for name, arguments in cases.items()
    }
    found["completion"] = ratio(
        folder,
        AFTERWORD,
        CLICK,
        rounds=3 * ROUNDS,
        _AFTERWORD_COMPLETE="bash_complete",
        COMP_WORDS="afterword sent --data ten ",
        COMP_CWORD="4",
    )[0]
    return found


_ONE = """\
company = "Karoo Studio"
role = "Designer"
zone = "Europe/Berlin"
[[interview]]
start = 2026-02-17T14:00:00
minutes = 60
[[interview.interviewer]]
name = "Thandi Nkosi"
email = "thandi@karoo.example"
discussed = ["the move from print to podcasts"]
"""


def large_export(folder: Path) -> Values:
    """Return the figures of an export of 10,000 applications."""
    names = facts.write(folder, 10_000)
    export = ("-m", "afterword", "export", *NOW)
    tenth = timed(folder, *export, "-o", "tenth.ics", *names[:1000])
    whole = timed(folder, *export, "-o", "whole.ics", *names)
    events = int(references.count_events(folder, "whole.ics"))
    export_ratio, spent = ratio(
        folder,
        (*export, "-o", "again-{round}.ics", *names),
        ("-m", "tests.benchmarks.writers", "icalendar", "events", "theirs.ics"),
    )
    peak = statistics.median(one.peak for one in spent)
    added = events * 9 / 10
    return {
        "export": export_ratio,
        "peak": peak / MIB,
        "growth": statistics.median(one.cpu for one in spent) / tenth.cpu / 10,
        "memory": max((whole.peak - tenth.peak) / added, 0.0),
    }


def clients(folder: Path) -> Values:
    """Return the figure of an export into a folder for each of 2,000 clients."""
    (folder / "store").mkdir()
    inputs.write_clients(folder / "store", 2000)
    store = ("export", "--data", "store", *NOW)
    found, _ = ratio(
        folder,
        (*AFTERWORD, *store, "--per-applicant", "clients-{round}"),
        (*AFTERWORD, *store, "-o", "all-{round}.ics"),
    )
    return {"per applicant": found}


def invitations(folder: Path) -> Values:
    """Return the figure of reading 1,000 invitations."""
    names = inputs.write_invitations(folder, 1000)
    case = (*AFTERWORD, "import", "--dry-run", "--json", "--data", "store", *NOW, *names)
    found, _ = ratio(folder, case, ("-m", "tests.benchmarks.references", "icalendar", *names))
    return {"invitations": found}


def large_store(folder: Path) -> Values:
    """Return the figure of `next` over a store of 2,000 applications."""
    (folder / "store").mkdir()
    facts.write(folder / "store", 2000)
    case = (*AFTERWORD, "next", "--data", "store", *NOW)
    found, _ = ratio(folder, case, ("-m", "tests.benchmarks.references", "toml", "store"))
    return {"next": found}


def table(folder: Path) -> Values:
    """Return the figure of an import of 10,000 rows into an empty store."""
    inputs.write_table(folder / "table.csv", 10_000)
    case = (*AFTERWORD, "import", "table.csv", "--data", "store-{round}", *NOW)
    reference = ("-m", "tests.benchmarks.references", "csv", "table.csv", "files-{round}")
    found, _ = ratio(folder, case, reference)
    return {"table": found}


GROUPS = {
    "start": Group(
        start_up,
        (
            Mark("--help", "`--help` x `import click`", 1.25, 1.15),
            Mark("completion", "completion, store of ten x `import click`", 2.0, 1.6),
            Mark("export", "one interview to .ics x `import click`", 3.5, 2.8),
            Mark("export, country", "the same with a country", 4.5, 3.5),
            Mark("next", "`next`, store of ten x `import click`", 3.0, 2.4),
            Mark("sent", "`sent`, store of ten x `import click`", 3.0, 2.4),
        ),
    ),
    "store": Group(
        large_store,
        (Mark("next", "`next`, store of 2,000 x reading and parsing the files once", 2.5, 1.8),),
    ),
    "invitations": Group(
        invitations,
        (Mark("invitations", "1,000 invitations read x icalendar `from_ical`", 1.8, 1.2),),
    ),
    "table": Group(
        table,
        (Mark("table", "10,000 table rows x `csv` and writing 10,000 files", 4.0, 3.0),),
    ),
    "clients": Group(
        clients,
        (Mark("per applicant", "2,000 clients, a file each x the same in one file", 1.6, 1.3),),
    ),
    "export": Group(
        large_export,
        (
            Mark("export", "10,000 applications to one .ics x icalendar `add()`", 0.33, 0.25),
            Mark("peak", "its peak of memory (MiB)", 65.0, 55.0),
            Mark("growth", "time an application, 10,000 x 1,000", 1.1, 1.0),
            Mark("memory", "memory an event, from 1,000 to 10,000 (KiB)", 0.3, 0.1),
        ),
    ),
    "sync": Group(
        sync.first_sync,
        (Mark("first sync", "first sync of 400 at 30 ms x bare requests (clock)", 1.35, 1.2),),
    ),
    "sync-memory": Group(
        sync.peak_of_first_sync,
        (Mark("peak", "first sync of 2,000, peak of memory (MiB)", 85.0, 75.0),),
    ),
    "sync-again": Group(
        sync.nothing_new,
        (Mark("nothing new", "sync with nothing new x vdirsyncer", 1.4, 1.0),),
    ),
}
