"""khal and vdirsyncer in a process of their own, in the environment that `servers` makes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from tests.sync.servers import Real, environment

# What runs there: a command a line, and its answer a line. It edits as `khal edit` does.
_SERVANT = """
import datetime as dt, io, json, sys, contextlib, zoneinfo
from khal.khalendar import CalendarCollection
from vdirsyncer.cli import app

folder, database, config = sys.argv[1:]
calendar = {"name": "job", "path": folder, "readonly": False, "color": "", "priority": 10,
            "ctype": "calendar", "addresses": [""]}
zone = zoneinfo.ZoneInfo("Africa/Johannesburg")
locale = {"local_timezone": zone, "default_timezone": zone, "timeformat": "%H:%M",
          "dateformat": "%Y-%m-%d", "longdateformat": "%Y-%m-%d", "weeknumbers": False,
          "datetimeformat": "%Y-%m-%d %H:%M", "longdatetimeformat": "%Y-%m-%d %H:%M",
          "firstweekday": 0, "unicode_symbols": True}

def khal(href, action, value):
    collection = CalendarCollection({"job": calendar}, dbpath=database, locale=locale)
    event = collection.get_event(href, "job")
    if action == "delete":
        return collection.delete(href, event.etag, "job")
    if action == "move":
        event.update_start_end(*(t + dt.timedelta(days=value) for t in (event.start, event.end)))
    else:
        getattr(event, "update_" + action)(value)
    event.increment_sequence()
    collection.update(event)

def titles():
    collection = CalendarCollection({"job": calendar}, dbpath=database, locale=locale)
    return sorted(event.summary for event in collection.search(""))

def vdirsyncer(*words):
    app.main(["-c", config, *words], standalone_mode=False)

for line in sys.stdin:
    name, *words = json.loads(line)
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            answer = globals()[name](*words)
            failed = None
        except BaseException as error:
            answer, failed = None, repr(error) + output.getvalue()
    print(json.dumps([answer, failed]), flush=True)
"""
_CONFIG = """
[general]
status_path = "{root}/status"
[pair job]
a = "folder"
b = "server"
collections = null
[storage folder]
type = "filesystem"
path = "{folder}"
fileext = ".ics"
[storage server]
type = "caldav"
url = "{url}"
username = "{user}"
password = "{password}"
"""


@attrs.define
class Programs:
    """Both programs for a folder; `vdirsyncer` fails where both sides changed an event."""

    process: subprocess.Popen[str]

    def khal(self, name: str, action: str, value: object = None) -> None:
        """Edit the event of a file: summary, description, move (by days) or delete."""
        self._ask("khal", name, action, value)

    def titles(self) -> list[str]:
        """Return the titles that khal shows."""
        found: list[str] = self._ask("titles")
        return found

    def vdirsyncer(self) -> None:
        """Bring folder and server together."""
        self._ask("vdirsyncer", "sync")

    def discover(self) -> None:
        self._ask("vdirsyncer", "discover")

    def _ask(self, *words: object) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{json.dumps(words)}\n")
        self.process.stdin.flush()
        answer, failed = json.loads(self.process.stdout.readline())
        assert failed is None, (words, failed)
        return answer


@contextlib.contextmanager
def programs(
    root: Path, folder: Path, real: Real | None = None, url: str = ""
) -> Iterator[Programs]:
    """Start both programs for a folder, and a calendar on a server if there is any."""
    python = environment("khal") / "python"
    config = root / "vdirsyncer"
    login = real.login if real else None
    user, password = (login.user, login.password) if login else ("", "")
    config.write_text(
        _CONFIG.format(root=root, folder=folder, url=url, user=user, password=password)
    )
    command = [
        str(python),
        "-W",
        "ignore",
        "-c",
        _SERVANT,
        str(folder),
        f"{root}/khal.db",
        str(config),
    ]
    surroundings = os.environ | {"HOME": str(root), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings, text=True
    ) as process:
        try:
            yield Programs(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait()
