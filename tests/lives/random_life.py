"""A random life: somebody uses every command, a phone edits, and things go wrong.

The same seed gives the same life. After each command `RandomLife` checks what must hold whatever
happened. A new command is one more method with `@action`.
"""

from __future__ import annotations

import base64
import datetime as dt
import random  # noqa: TID251 - seeded, so that a failing life can be lived again
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs
import icalendar

from afterword.dav.remote_calendar import RemoteCalendar
from tests.cli.life import Life
from tests.running import Result
from tests.sync.fault_proxy import Drop, FaultProxy, Reply, Reset, Rule, Truncate
from tests.sync.phones import Phone

SECRET = "s3cret"  # noqa: S105 - of a server that lives in a test
CODES = {0, 2, 3, 4, 5, 6, 65, 73, 75, 130, 143}
STEPS = ("thank-you", "first-follow-up", "second-follow-up", "move-on", "reply", "keep-in-touch")
NAMES = ("Karoo", "Umbrella, Inc.", "Ünïcödé GmbH", "A;B\\C", "{{ 7 }}", "-rf", "Zoë & Søn's")
FAULTS = (Drop(), Reset(), Truncate(), Reply(500), Reply(503), Reply(429, {"Retry-After": "0"}))
FOREIGN = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
FOREIGN += "DTSTAMP:20261101T000000Z\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"
FOREIGN += "SUMMARY:Dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
INVITATION = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nMETHOD:{method}\r\n"
INVITATION += "BEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:{sequence}\r\nDTSTAMP:20261101T000000Z\r\n"
INVITATION += "DTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:Interview: Buyer at Globex\r\n"
INVITATION += "ORGANIZER;CN=Ann Lee:mailto:ann@globex.example\r\n"
INVITATION += "END:VEVENT\r\nEND:VCALENDAR\r\n"

_actions: dict[str, int] = {}


def action(weight: int) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Let a method be one of the actions of a life, that many times as likely as another."""

    def register(method: Callable[[Any], None]) -> Callable[[Any], None]:
        _actions[method.__name__] = weight
        return method

    return register


@attrs.define(slots=False)
class RandomLife:
    """`live(40)` takes forty actions."""

    seed: int
    life: Life
    root: Path
    phone: RemoteCalendar
    proxy: FaultProxy
    url: str
    rng: random.Random = attrs.field(init=False)
    now: dt.datetime = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 - of the person's zone
    told: list[str] = attrs.field(factory=list)
    foreign: dict[str, bytes] = attrs.field(factory=dict)
    foreign_files: dict[str, bytes] = attrs.field(factory=dict)
    touched: set[str] = attrs.field(factory=set)
    edited_times: set[tuple[str, str]] = attrs.field(factory=set)
    sequences: dict[str, int] = attrs.field(factory=dict)
    damaged: dict[Path, bytes] = attrs.field(factory=dict)
    commands: int = 0

    def __attrs_post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311 - no secret
        (self.root / "secret").write_text(SECRET)
        (self.root / "secret").chmod(0o600)

    def live(self, actions: int) -> None:
        """Take actions, and check after each."""
        self.add()
        for _ in range(actions):
            (name,) = self.rng.choices(list(_actions), list(_actions.values()))
            self.told.append(f"-- {name}")
            try:
                getattr(self, name)()
                self.check_files()
            except AssertionError as error:
                history = "\n".join(self.told)
                raise AssertionError(f"life {self.seed}:\n{history}\n{error}") from error
        self.repair()
        self.check_secrets()

    # Running commands.

    def run(self, *args: object, codes: set[int] | None = None) -> Result:
        flags = self.life.flags(self.now.isoformat())
        self.told.append(" ".join(map(str, (*args, *flags[:2]))))
        result = self.life.run(args[0], *flags, *args[1:])
        self.check_result(result.code, result.text, result.stderr, codes)
        return result

    def check_result(
        self, code: int, stdout: str, stderr: str, codes: set[int] | None = None
    ) -> None:
        self.commands += 1
        self.told.append(f"   {int(code)} {stderr[-300:]!r}")
        assert code in (codes or CODES), (code, stdout, stderr)
        assert "Traceback" not in stdout + stderr
        assert "bug in afterword" not in stderr
        assert SECRET not in stdout + stderr

    def arguments(self, *args: object) -> list[str]:
        flags = self.life.flags(self.now.isoformat())
        self.told.append(" ".join(map(str, (*args, *flags[:2]))))
        return [sys.executable, "-m", "afterword", *map(str, args), *flags]

    def app(self) -> str:
        """Return the id of an application."""
        names = [path.stem for path in self.application_files()]
        return self.rng.choice(names or ["nobody"])

    def application_files(self) -> list[Path]:
        """Return the files of applications; the settings may lie beside them."""
        paths = sorted(self.life.data.glob("*.toml"))
        return [path for path in paths if path.name != "settings.toml"]

    def day(self, least: int = -20, most: int = 30) -> str:
        day = self.now.date() + dt.timedelta(days=self.rng.randint(least, most))
        return day.isoformat()

    def sync_command(self) -> tuple[object, ...]:
        secret = self.root / "secret"
        return ("sync", "--calendar-url", self.url, "--user", "sam", "--password-file", secret)

    def folder_command(self) -> tuple[object, ...]:
        return ("sync", "--folder", self.folder)

    @property
    def folder(self) -> Path:
        """Return the calendar in a folder; without its first sync there is none."""
        path = self.root / "folder"
        path.mkdir(exist_ok=True)
        return path

    # What must hold.

    def check_files(self) -> None:
        """Every application file loads, unless it was damaged by hand."""
        flags = self.life.flags(self.now.isoformat())
        result = self.life.run("plan", "--json", *flags)
        assert result.code == 0, (result.code, result.stderr)
        assert bool(self.damaged) == ("correct" in result.stderr), result.stderr
        for application in result.json["applications"]:
            silent: dict[tuple[str, int], int] = {}
            for step in application["steps"]:
                if "follow-up" in step["step"] and step["state"] == "done":
                    key = (step["interview"], step["episode"])
                    silent[key] = silent.get(key, 0) + 1
            assert all(count <= 2 for count in silent.values())

    def objects(self) -> dict[str, bytes]:
        """Return what is on the server, by name."""
        fetched = self.phone.fetch(list(self.phone.listing().etags))
        return {href.rpartition("/")[2]: each.body for href, each in fetched.items()}

    def files(self) -> dict[str, bytes]:
        """Return what is in the folder, by name."""
        return {path.name: path.read_bytes() for path in self.folder.glob("*.ics")}

    def check_folder(self) -> None:
        """Foreign files are as they were, no SEQUENCE has fallen, and no event is doubled."""
        there = self.files()
        assert {name: there.get(name) for name in self.foreign_files} == self.foreign_files
        ours = {name: body for name, body in there.items() if name not in self.foreign_files}
        for name in ours.keys() - self.touched:
            self.check_sequences("folder", ours[name])
        uids = [line for body in ours.values() for line in _event_lines(body, b"UID:")]
        assert len(uids) == len(set(uids))

    def check_calendar(self) -> None:
        """Foreign events are as they were, and no SEQUENCE has fallen."""
        there = self.objects()
        assert {name: there.get(name) for name in self.foreign} == self.foreign
        for name in there.keys() - self.foreign.keys() - self.touched:
            self.check_sequences("server", there[name])

    def check_sequences(self, place: str, body: bytes) -> None:
        for event in icalendar.Calendar.from_ical(body).events:
            key, number = f"{place} {event['UID']}", int(event.get("SEQUENCE", 0))
            assert number >= self.sequences.get(key, 0), (key, number)
            self.sequences[key] = number

    def check_plan(self, objects: dict[str, bytes]) -> None:
        """The calendar has the events of the plan, but for what a person touched there."""
        wanted = {}
        exported = self.run("export", "-o", "-").stdout
        if exported:
            wanted = {_key(e): e for e in icalendar.Calendar.from_ical(exported).events}
        there = {}
        for name, body in objects.items():
            if name in self.foreign or name in self.foreign_files:
                continue
            (event,) = icalendar.Calendar.from_ical(body).events
            there[_key(event)] = (name, event)
        keys = {key for key, (name, _) in there.items() if name not in self.touched}
        # An event that is wanted again has the person's time, under another UID.
        keys -= wanted.keys() | self.edited_times
        gone = [key for key in keys if not _is_over(there[key][1], self.now)]
        assert not gone, f"no longer in the plan: {gone}"
        missing = [
            key
            for key, event in wanted.items()
            if key not in there and not _is_over(event, self.now)
        ]
        if not self.touched:
            assert not missing, f"not in the calendar: {missing}"

    def check_secrets(self) -> None:
        secrets = (SECRET.encode(), base64.b64encode(f"sam:{SECRET}".encode()))
        for path in self.root.rglob("*"):
            if path.is_file() and path.name != "secret":
                assert not any(secret in path.read_bytes() for secret in secrets), path

    # Commands.

    @action(6)
    def add(self) -> None:
        at = f"{self.day(-10, 10)} {self.rng.choice(['09:00', '14:30', '23:45'])}"
        options = ["--with", "Thandi Nkosi <thandi@karoo.example>", "--country", "ZA"]
        options += self.rng.choice([[], ["--decision-by", self.day(10, 30)]])
        self.run("add", "--at", at, *options, "--", self.rng.choice(NAMES), "Buyer")

    @action(4)
    def import_invitation(self) -> None:
        start = dt.datetime.fromisoformat(f"{self.day()}T09:00")
        text = INVITATION.format(
            uid=self.rng.choice(["one", "two"]),
            method=self.rng.choice(["REQUEST", "REQUEST", "CANCEL"]),
            sequence=self.rng.randint(0, 5),
            start=f"{start:%Y%m%dT%H%M%SZ}",
            end=f"{start:%Y%m%dT093000Z}",
        )
        (self.root / "invite.ics").write_text(text)
        self.run("import", self.root / "invite.ics")

    @action(3)
    def find_interviews(self) -> None:
        """Find interviews in a calendar, whose events move and are cancelled meanwhile."""
        path = self.root / "own" / "own.ics"
        path.parent.mkdir(exist_ok=True)
        uid = self.rng.choice(["one", "three", "four"])
        start = dt.datetime.fromisoformat(f"{self.day()}T10:00")
        text = INVITATION.format(
            uid=uid,
            method=self.rng.choice(["PUBLISH", "PUBLISH", "CANCEL"]),
            sequence=self.rng.randint(0, 5),
            start=f"{start:%Y%m%dT%H%M%SZ}",
            end=f"{start:%Y%m%dT103000Z}",
        )
        path.write_bytes(text.encode())
        answer = self.rng.choice([[], ["--json"], ["--add", uid], ["--refuse", uid]])
        self.run("find", path, *answer)
        assert path.read_bytes() == text.encode()

    @action(2)
    def watch_a_calendar(self) -> None:
        """Begin to follow that calendar in each sync, or end it."""
        watch = ["set", "calendar.watch", str(self.root / "own")]
        self.run("settings", *self.rng.choice([watch, watch, ["unset", "calendar.watch"]]))

    @action(12)
    def log(self) -> None:
        app, step = self.app(), self.rng.choice(STEPS)
        on = self.rng.choice([[], ["--on", self.day(-15, 2)]])
        self.run(
            *self.rng.choice(
                [
                    ("sent", app, step, *on),
                    ("sent", app, *on),
                    ("heard", app, self.rng.choice(["positive", "neutral", "rejected"]), *on),
                    ("away", app, "--until", self.day()),
                    ("expect", app, "--decision-by", self.day()),
                    ("expect", app, "--call"),
                    ("skip", app, step),
                    ("restore", app, step),
                    ("move", app, step, "--to", f"{self.day()} 10:00"),
                    ("move", app, "interview", "--to", f"{self.day()} 10:00"),
                    ("note", app, "a note, with \\ and ;"),
                ]
            )
        )

    @action(6)
    def turn(self) -> None:
        app = self.app()
        self.run(
            *self.rng.choice(
                [
                    ("round", app, "--at", f"{self.day()} 11:00"),
                    ("cancel", app),
                    ("close", app),
                    ("close", app, "--keep-in-touch", self.day(20, 90)),
                    ("reopen", app),
                ]
            )
        )

    @action(1)
    def forget(self) -> None:
        self.run("forget", self.app(), "--yes")

    @action(4)
    def undo(self) -> None:
        self.run("undo", self.app(), *self.rng.choice([[], ["--force"]]))

    @action(3)
    def look(self) -> None:
        app = self.app()
        self.run(
            *self.rng.choice(
                [
                    ("next",),
                    ("list",),
                    ("stats",),
                    ("check",),
                    ("show", app),
                    ("draft", app),
                    ("draft", app, "no-show"),
                    ("links", app),
                    ("preview", "-o", self.root / "page.html"),
                    ("draft", app, self.rng.choice(STEPS)),
                    ("settings",),
                ]
            ),
        )

    @action(3)
    def edit_by_hand(self) -> None:
        paths = self.application_files()
        if not paths:
            return
        path = self.rng.choice(paths)
        if path in self.damaged:
            return
        before = path.read_bytes()
        if self.rng.random() < 0.5:
            path.write_bytes(before + b"\n# by hand\n")
        else:
            self.damaged[path] = before
            path.write_bytes(before.replace(b"company", b"compny", 1))

    @action(3)
    def repair(self) -> None:
        for path, before in self.damaged.items():
            path.write_bytes(before)
        self.damaged.clear()

    @action(5)
    def export(self) -> None:
        target = self.rng.choice([self.life.calendar, f"{self.root}/each/"])
        first = self.run("export", "-o", target)
        if first.code not in {0, 3}:
            return
        before = self.exported()
        again = self.run("export", "-o", target)
        assert (again.code, self.exported()) == (first.code, before)
        for name, body in before.items():
            self.check_sequences("file" if name == self.life.calendar.name else "each", body)

    @action(2)
    def look_back(self) -> None:
        day = self.day(most=0)
        self.run(
            *self.rng.choice(
                [
                    ("plan", "--timeline"),
                    ("report", "--from", day, "--force", "-o", self.root / "proof.html"),
                    ("report", "--to", day, "--force", "-o", self.root / "proof.csv"),
                    ("report", "--overview"),
                    ("show", self.app()),
                ]
            )
        )

    @action(2)
    def publish(self) -> None:
        app = self.rng.choice(["apple", "google", "outlook", "nextcloud", "thunderbird"])
        self.run("export", "--for", app, "-o", self.root / f"{app}.ics")
        self.run("export", "--feed", self.root / "feed")
        for feed in (self.root / "feed").glob("*.ics"):
            self.check_sequences(feed.name, feed.read_bytes())

    def exported(self) -> dict[str, bytes]:
        paths = [self.life.calendar, *(self.root / "each").glob("*.ics")]
        return {path.name: path.read_bytes() for path in paths if path.exists()}

    @action(9)
    def sync(self) -> None:
        self.proxy.use()
        result = self.run(*self.sync_command())
        self.check_calendar()
        if not result.code:
            self.settle(self.sync_command(), result)
            self.check_plan(self.objects())

    @action(7)
    def sync_with_folder(self) -> None:
        result = self.run(*self.folder_command())
        self.check_folder()
        if not result.code:
            self.settle(self.folder_command(), result)
            self.check_plan(self.files())

    def settle(self, command: tuple[object, ...], first: Result) -> None:
        """See that a sync leaves nothing to do for a second one."""
        if "--remove-orphans" in first.stderr:
            # Their application was removed, and the state that knew of them is lost.
            self.run(*command, "--remove-orphans", codes={0})
        again = self.run(*command, "--json", codes={0})
        counts = {name: again.json[name] for name in ("created", "updated", "deleted")}
        assert set(counts.values()) == {0}, counts

    @action(4)
    def sync_with_faults(self) -> None:
        rules = [
            Rule.once(
                self.rng.choice(FAULTS),
                when=self.rng.choice(["request", "response"]),
                nth=self.rng.randint(1, 8),
            )
            for _ in range(self.rng.randint(1, 2))
        ]
        self.proxy.use(*rules)
        self.run(*self.sync_command())
        self.proxy.use()
        self.check_calendar()

    # The phone.

    @action(6)
    def edit_on_phone(self) -> None:
        there = {name: body for name, body in self.objects().items() if name not in self.foreign}
        if not there:
            return
        name = self.rng.choice(sorted(there))
        self.touched.add(name)
        phone, body = Phone(), there[name]
        phone.modified = f"{self.now:%Y%m%dT%H%M%SZ}"
        href = next(h for h in self.phone.listing().etags if h.endswith(f"/{name}"))
        etag = self.phone.listing().etags[href]
        if self.rng.random() < 0.3:
            self.told.append(f"deleted {name}")
            self.phone.delete(href, etag=etag)
            return
        edits: list[Callable[[], bytes]] = [
            lambda: phone.edit(body, summary=self.rng.choice(["Mine", "sent", "rejected", "skip"])),
            lambda: phone.edit(body, description="my own words"),
            lambda: phone.drag(body, days=self.rng.randint(-3, 9)),
            lambda: phone.alarm(body, "-PT30M"),
            lambda: phone.edit(body),
        ]
        edited = self.rng.choice(edits)()
        self.note_time(edited)
        self.told.append(f"edited {name}")
        self.phone.put(href, edited, etag=etag, new=False)

    def note_time(self, body: bytes) -> None:
        """Remember the time that a person gave an event."""
        self.edited_times |= {_key(e) for e in icalendar.Calendar.from_ical(body).events}

    # Another program, in a folder.

    @action(5)
    def edit_in_folder(self) -> None:
        """Edit or delete a file, as khal does."""
        self.edit_a_file({name: self.folder / name for name in self.files()})

    @action(2)
    def edit_an_export(self) -> None:
        """An export over the edit is refused, and the sync that it names takes it over."""
        each = self.root / "each"
        paths = {path.name: path for path in each.glob("*.ics")}
        if not paths or not self.edit_a_file(paths, delete=False):
            return
        before = {path.name: path.read_bytes() for path in each.glob("*.ics")}
        refused = self.run("export", "-o", f"{each}/")
        if refused.code == 4:
            assert f"sync --folder {each}" in refused.stderr
            after = {path.name: path.read_bytes() for path in each.glob("*.ics")}
            assert after == before
            self.run("sync", "--folder", each)

    def edit_a_file(self, paths: dict[str, Path], *, delete: bool = True) -> bool:
        names = sorted(paths.keys() - self.foreign_files.keys())
        if not names:
            return False
        name = self.rng.choice(names)
        path, phone = paths[name], Phone("khal")
        body = path.read_bytes()
        self.touched.add(name)
        if delete and self.rng.random() < 0.3:
            self.told.append(f"deleted the file {name}")
            path.unlink()
            return True
        edits: list[Callable[[], bytes]] = [
            lambda: phone.edit(body, summary=self.rng.choice(["Mine", "sent", "rejected", "skip"])),
            lambda: phone.edit(body, description="my own words"),
            lambda: phone.drag(body, days=self.rng.randint(-3, 9)),
            lambda: phone.edit(body, location="Home"),
        ]
        path.write_bytes(self.rng.choice(edits)())
        self.note_time(path.read_bytes())
        self.told.append(f"edited the file {name}")
        return True

    @action(2)
    def add_foreign_file(self) -> None:
        name = f"foreign-{len(self.foreign_files)}"
        body = FOREIGN.format(uid=name).encode()
        body = self.rng.choice([body, body[:80], body + body, b""])
        (self.folder / f"{name}.ics").write_bytes(body)
        self.foreign_files[f"{name}.ics"] = body

    @action(1)
    def unmount_the_folder(self) -> None:
        """The folder is empty for a while: nothing counts as deleted."""
        away = self.folder.rename(self.root / "away")
        before = {path.name: path.read_bytes() for path in self.life.data.glob("*.toml")}
        if any(name not in self.foreign_files for name in (p.name for p in away.glob("*.ics"))):
            result = self.run(*self.folder_command(), "--dry-run")
            assert ": you removed the" not in result.stderr
        shutil.rmtree(self.folder)
        away.rename(self.root / "folder")
        assert before == {path.name: path.read_bytes() for path in self.life.data.glob("*.toml")}

    @action(2)
    def add_foreign_event(self) -> None:
        uid = f"foreign-{len(self.foreign)}"
        body = FOREIGN.format(uid=uid).encode()
        href = f"{urlsplit(self.phone.url).path}{uid}.ics"
        self.phone.put(href, body, etag=None, new=True)
        self.foreign[f"{uid}.ics"] = self.objects()[f"{uid}.ics"]

    # What goes wrong.

    @action(2)
    def lose_state(self) -> None:
        for path in self.root.rglob("state.sqlite*"):
            path.unlink()
        # A new state counts from what it finds; an export that is gone cannot tell.
        self.sequences.clear()

    @action(8)
    def wait(self) -> None:
        self.now += dt.timedelta(hours=self.rng.choice([1, 6, 24, 72, 240]))

    @action(1)
    def set_clock_back(self) -> None:
        self.now -= dt.timedelta(days=1)

    @action(3)
    def be_killed(self) -> None:
        command = self.rng.choice(
            [
                ("note", self.app(), "killed"),
                ("sent", self.app()),
                ("export", "-o", self.life.calendar),
                self.sync_command(),
                self.folder_command(),
            ]
        )
        arguments = self.arguments(*command)
        nth = str(self.rng.randint(1, 40))
        arguments[1:3] = ["-m", "tests.lives.killed", nth]
        ended = subprocess.run(arguments, capture_output=True, check=False, text=True)
        self.check_result(ended.returncode, ended.stdout, ended.stderr, CODES | {-9})

    @action(2)
    def run_two_at_once(self) -> None:
        app = self.app()
        commands = [("note", app, "one"), self.rng.choice([("note", app, "two"), ("sent", app)])]
        before = sum(path.read_bytes().count(b"note = ") for path in self.life.data.glob("*.toml"))
        running = [
            subprocess.Popen(
                self.arguments(*command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for command in commands
        ]
        added = 0
        for process, command in zip(running, commands, strict=True):
            stdout, stderr = process.communicate()
            self.check_result(process.returncode, stdout, stderr)
            added += not process.returncode and command[0] == "note"
        after = sum(path.read_bytes().count(b"note = ") for path in self.life.data.glob("*.toml"))
        assert after == before + added

    @action(1)
    def copy_and_restore_state(self) -> None:
        """A backup of the state from before comes back later."""
        saved, state = self.root / "saved-state", self.root / "state"
        if saved.exists():
            shutil.rmtree(state, ignore_errors=True)
            saved.rename(state)
            self.sequences.clear()
        elif state.exists():
            shutil.copytree(state, saved)


def _key(event: Any) -> tuple[str, str]:
    """Return the time of an event; a sync has UIDs of its own for what was deleted once."""
    return str(event["DTSTART"].dt), str(event["DTEND"].dt)


def _event_lines(body: bytes, name: bytes) -> list[bytes]:
    """Return the properties of that name of the event itself, not of its alarm."""
    own = body.partition(b"BEGIN:VALARM")[0]
    return [line for line in own.splitlines() if line.startswith(name)]


def _is_over(event: Any, now: dt.datetime) -> bool:
    """True for an event that stays although the plan has it no more: it has passed."""
    end = event["DTEND"].dt if "DTEND" in event else event["DTSTART"].dt
    day = end.date() if isinstance(end, dt.datetime) else end
    return bool(day <= now.date() or re.match("(Over|✓)", str(event["SUMMARY"])))
