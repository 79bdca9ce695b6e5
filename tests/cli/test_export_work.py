"""What an export does for each application: a letter once, and no statement of the state."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import jinja2
import pytest

from afterword.storage.state.database import Database
from tests.cli.life import NOW, Life

INTERVIEW = """\
company = "Company {number}"
role = "Cook"
zone = "Africa/Johannesburg"
[[interview]]
start = 2026-11-27T10:00:00
minutes = 45
[[interview.interviewer]]
name = "Thandi Nkosi"
email = "thandi@company{number}.example"
"""
# Thank-you, both follow-ups, the note to oneself, and the request for feedback.
MESSAGES = 5


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return what counts the messages that are rendered, and the statements of the state."""
    counts: Counter[str] = Counter()
    render = jinja2.Template.render

    def counted(self: jinja2.Template, *args: object, **kwargs: object) -> str:
        counts["messages"] += 1
        return render(self, *args, **kwargs)

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
            counts["statements"] += 1
            return super().execute(sql, *args)  # type: ignore[arg-type]

        def executemany(self, sql: str, *args: object) -> sqlite3.Cursor:
            counts["statements"] += 1
            return super().executemany(sql, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(jinja2.Template, "render", counted)
    defaults = Database.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "connection", Connection)
    return counts


def test_of_each_application(life: Life, tmp_path: Path, work: Counter[str]) -> None:
    life.data.mkdir(parents=True)
    counts = {}
    for total in (1, 2, 8):  # the first makes the state's tables
        for number in range(total):
            (life.data / f"{number}.toml").write_text(INTERVIEW.format(number=number))
        work.clear()
        life(NOW, "export", "-o", tmp_path / f"{total}.ics")
        counts[total] = dict(work)

    assert counts[2]["messages"] == 2 * MESSAGES
    assert counts[8]["messages"] == 8 * MESSAGES
    assert counts[8]["statements"] == counts[2]["statements"]
