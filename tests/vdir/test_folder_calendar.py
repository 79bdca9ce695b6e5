"""A folder as a calendar: races, full disks, killed runs, odd files and names."""

from __future__ import annotations

import errno
import itertools
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from afterword.dav.interface import NotFoundError, PreconditionFailedError
from afterword.domain.merge.user_edits import FieldEdited
from afterword.domain.uids import event_file_name
from afterword.errors import RefusedError
from afterword.formats import ics_patch
from afterword.system.atomic_files import Disk
from afterword.vdir import folder_scan
from afterword.vdir.folder_calendar import FolderCalendar
from tests.sync.people import Facts, Tool, uid
from tests.sync.phones import Phone, lines
from tests.system.test_atomic_files import Faults

posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and signals are POSIX's")
ROOT = Path(__file__).parents[2]
FOREIGN = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:dentist\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "job"
    path.mkdir()
    (path / "dentist.ics").write_bytes(FOREIGN)
    return path


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    return Tool(Facts.of(4), tmp_path / "state.sqlite")


def path_of(folder: Path, number: int) -> Path:
    return folder / f"{uid(number)}.ics"


def settled(tool: Tool, folder: Path) -> None:
    """Two clean syncs leave the plan there, nothing else, and nothing to do."""
    tool.sync(FolderCalendar(folder))
    report = tool.sync(FolderCalendar(folder))
    assert (report.actions, report.user_edits, report.failed) == ((), (), {})
    assert {path.name for path in folder.iterdir() if not path.name.startswith(".")} == {
        "dentist.ics",
        *(f"{key}.ics" for key in tool.facts.events),
    }
    assert (folder / "dentist.ics").read_bytes() == FOREIGN
    assert tool.facts.log == []


def change_and_withdraw(tool: Tool, folder: Path) -> None:
    tool.sync(FolderCalendar(folder))
    tool.facts.change(0)
    tool.facts.change(1, days=3)
    tool.facts.withdraw(2)
    tool.facts.change(5)


def begin(tool: Tool, folder: Path) -> None:
    del tool, folder


COURSES = {"first": begin, "later": change_and_withdraw}


# -------------------------------------------------------------------------- races


def test_an_edit_at_the_last_moment_is_not_overwritten(tool: Tool, folder: Path) -> None:
    tool.sync(FolderCalendar(folder))
    tool.facts.change(1)
    path = path_of(folder, 1)
    edits = [Phone("khal").edit(path.read_bytes(), summary="Mine")]

    def sync(descriptor: int) -> None:
        if edits:
            path.write_bytes(edits.pop())
        os.fsync(descriptor)

    report = tool.sync(FolderCalendar(folder, disk=Disk(sync=sync)))

    assert [type(edit) for edit in report.user_edits] == [FieldEdited]
    content = lines(path.read_bytes())
    assert "SUMMARY:Mine" in content
    assert any(line.startswith("DESCRIPTION") and "anew" in line for line in content)
    assert report.failed == {}


def test_an_event_deleted_at_the_last_moment_stays_deleted(tool: Tool, folder: Path) -> None:
    tool.sync(FolderCalendar(folder))
    tool.facts.change(1)
    path = path_of(folder, 1)

    def sync(descriptor: int) -> None:
        path.unlink(missing_ok=True)
        os.fsync(descriptor)

    report = tool.sync(FolderCalendar(folder, disk=Disk(sync=sync)))
    assert (report.failed, path.exists()) == ({}, False)
    assert report.tombstones == (uid(1),)


@pytest.mark.parametrize("links", [True, False], ids=["", "memory card without hard links"])
def test_a_file_created_at_the_last_moment_stays(tool: Tool, folder: Path, links: bool) -> None:
    tool.facts = Facts.of(1)
    path = path_of(folder, 0)

    def sync(descriptor: int) -> None:
        path.write_bytes(FOREIGN)
        os.fsync(descriptor)

    def link(source: Path, target: Path) -> None:
        if not links:
            raise OSError(errno.EPERM, "no hard links here")
        os.link(source, target)

    report = tool.sync(FolderCalendar(folder, disk=Disk(sync=sync, link=link)))
    assert (report.foreign, path.read_bytes()) == ((uid(0),), FOREIGN)


def test_without_hard_links_files_are_created_all_the_same(tool: Tool, folder: Path) -> None:
    def link(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no hard links here", source, None, target)

    assert tool.sync(FolderCalendar(folder, disk=Disk(link=link))).failed == {}
    settled(tool, folder)


@pytest.mark.parametrize("new", [True, False])
def test_a_write_needs_what_was_read_last(folder: Path, new: bool) -> None:
    calendar = FolderCalendar(folder)
    with pytest.raises(PreconditionFailedError):
        calendar.put("dentist.ics", b"x", etag='"other"', new=new)
    with pytest.raises(PreconditionFailedError):
        calendar.put("none.ics", b"x", etag='"other"', new=False)
    with pytest.raises(PreconditionFailedError):
        calendar.delete("dentist.ics", etag=None)
    with pytest.raises(NotFoundError):
        calendar.delete("none.ics", etag=None)
    assert {path.name for path in folder.iterdir()} == {"dentist.ics"}


@pytest.mark.parametrize("href", ["", ".", "..", "../dentist.ics", "%2e%2e%2Fx.ics", "a/b.ics"])
def test_no_name_leads_out_of_the_folder(folder: Path, href: str) -> None:
    calendar = FolderCalendar(folder / "below")
    with pytest.raises(ValueError, match="not a file name"):
        calendar.put(href, b"x", etag=None, new=True)
    with pytest.raises(ValueError, match="not a file name"):
        calendar.delete(href, etag=None)


# ------------------------------------------------------------- faults of the disk


@pytest.mark.parametrize(
    ("course", "code"), [("first", errno.ENOSPC), ("later", errno.EROFS)], ids=["full", "read-only"]
)
def test_a_disk_that_fails_at_any_call_loses_nothing(
    tmp_path: Path, course: str, code: int
) -> None:
    for nth in itertools.count(1):
        folder = tmp_path / str(nth) / "job"
        folder.mkdir(parents=True)
        (folder / "dentist.ics").write_bytes(FOREIGN)
        tool = Tool(Facts.of(4), folder.parent / "state.sqlite")
        COURSES[course](tool, folder)
        faults = Faults(nth, code)
        report = tool.sync(FolderCalendar(folder, disk=faults.disk()), connections=1)
        if faults.calls < nth:
            assert nth > 10
            break
        if report.stopped is not None:
            assert report.exit_code == 73
            assert str(folder) in report.stopped.message
        settled(tool, folder)


@posix
@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("nth", [1, 2, 4, 5, 6, 7, 9, 14, 17, 20, 22])
def test_a_run_that_is_killed_at_any_call_is_gone_on_with(
    tool: Tool, folder: Path, tmp_path: Path, course: str, nth: int
) -> None:
    COURSES[course](tool, folder)
    facts = tmp_path / "facts"
    facts.write_bytes(pickle.dumps(tool.facts))
    command = [sys.executable, "-m", "tests.vdir.child"]
    command += [str(facts), str(tool.path), str(folder), str(nth)]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False)
    assert done.returncode == -signal.SIGKILL
    settled(tool, folder)


def test_what_a_killed_run_left_behind_is_removed(tool: Tool, folder: Path) -> None:
    def die(source: Path, target: Path) -> None:
        raise OSError(errno.EIO, "died", source, None, target)

    def keep(path: Path) -> None:
        raise OSError(errno.EIO, "died", path)

    tool.sync(FolderCalendar(folder, disk=Disk(link=die, replace=die, remove=keep)))
    left = [path for path in folder.iterdir() if path.name.endswith(".tmp")]
    assert left
    for path in left:
        os.utime(path, (0, 0))
    settled(tool, folder)
    assert not [path for path in folder.iterdir() if path.name.endswith(".tmp")]


# ----------------------------------------------------------------- odd files


@posix
@pytest.mark.parametrize("kind", ["directory", "pipe", "link", "link to nothing"])
def test_what_is_no_plain_file_under_our_name_is_left_alone(
    tool: Tool, folder: Path, tmp_path: Path, kind: str
) -> None:
    path = path_of(folder, 1)
    target = tmp_path / "elsewhere.ics"
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(target)
    if kind == "link":
        target.write_bytes(FOREIGN)
    report = tool.sync(FolderCalendar(folder))
    assert (set(report.failed) | set(report.foreign), len(report.actions)) == ({uid(1)}, 3)
    assert not target.exists() or target.read_bytes() == FOREIGN
    assert path.is_symlink() or not path.is_file()


@posix
def test_a_linked_event_is_read_but_not_written_through(
    tool: Tool, folder: Path, tmp_path: Path
) -> None:
    tool.sync(FolderCalendar(folder))
    path, target = path_of(folder, 1), tmp_path / "elsewhere.ics"
    path.rename(target)
    path.symlink_to(target)
    before = target.read_bytes()
    tool.facts.change(1)
    report = tool.sync(FolderCalendar(folder))
    assert "is no plain file" in report.failed[uid(1)]
    assert (target.read_bytes(), report.user_edits) == (before, ())


def test_a_file_that_cannot_be_read_is_not_deleted(
    tool: Tool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool.sync(FolderCalendar(folder))
    read, path = folder_scan.read_calendar_file, path_of(folder, 1)

    def fail(name: Path) -> bytes | None:
        if name == path:
            raise PermissionError(errno.EACCES, "no")
        return read(name)

    monkeypatch.setattr(folder_scan, "read_calendar_file", fail)
    calendar = FolderCalendar(folder)
    report = tool.sync(calendar)
    assert (report.user_edits, report.tombstones, report.failed) == ((), (), {})
    assert calendar.left_alone == {path.name: "cannot be read"}


@pytest.mark.parametrize("content", [b"", b"BEGIN:VCALENDAR\r\nVERS"], ids=["empty", "cut off"])
def test_a_file_of_ours_without_its_uid_is_not_deleted(
    tool: Tool, folder: Path, content: bytes
) -> None:
    tool.sync(FolderCalendar(folder))
    path = path_of(folder, 1)
    before = path.read_bytes()
    path.write_bytes(content)
    tool.facts.change(1)
    calendar = FolderCalendar(folder)
    report = tool.sync(calendar)
    assert (report.user_edits, report.tombstones, report.actions) == ((), (), ())
    assert calendar.left_alone == {path.name: "is no complete calendar file"}
    assert path.read_bytes() == content
    path.write_bytes(before)
    assert len(tool.sync(FolderCalendar(folder)).actions) == 1
    settled(tool, folder)


def test_a_file_that_is_too_large_is_left_alone(
    tool: Tool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_scan, "LARGEST", 40_000)
    (folder / "huge.ics").write_bytes(FOREIGN + b" " * 50_000)
    (folder / "large.ics").write_bytes(FOREIGN + b" " * 30_000)
    calendar = FolderCalendar(folder)
    tool.sync(calendar)
    assert calendar.left_alone == {"huge.ics": "is larger than 40,000 bytes"}


@posix
def test_names_that_are_no_text_are_no_trouble(tool: Tool, folder: Path) -> None:
    tool.sync(FolderCalendar(folder))
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe %41.ics"))
    path_of(folder, 1).rename(odd)
    tool.facts.change(1)
    report = tool.sync(FolderCalendar(folder))
    assert (report.user_edits, report.failed, len(report.actions)) == ((), {}, 1)
    assert b"anew" in odd.read_bytes()
    assert tool.sync(FolderCalendar(folder)).actions == ()


@posix
def test_a_folder_whose_name_is_no_text_is_a_calendar(tool: Tool, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    for expected in (4, 0):
        report = tool.sync(FolderCalendar(folder))
        assert (report.failed, len(report.actions)) == ({}, expected)


def test_a_path_that_is_a_file_is_refused(folder: Path) -> None:
    with pytest.raises(RefusedError, match="is a file"):
        FolderCalendar(folder / "dentist.ics").listing()


_LINES = st.sampled_from(
    [
        b"BEGIN:VCALENDAR",
        b"END:VCALENDAR",
        b"BEGIN:VEVENT",
        b"END:VEVENT",
        b"BEGIN:VALARM",
        b"END:VALARM",
        b"BEGIN:VTODO",
        b"END:VTODO",
        b"UID:a",
        b"UID:b",
        f"UID:{uid(1)}".encode(),
        b"RECURRENCE-ID:20261201T090000Z",
        b"DTSTART:20261201T090000Z",
        b"SUMMARY:x",
        b" folded",
        b"\xff",
    ]
)


@settings(max_examples=30)
@given(
    contents=st.lists(
        st.one_of(st.binary(max_size=40), st.lists(_LINES, max_size=12).map(b"\r\n".join)),
        max_size=4,
    )
)
def test_no_file_of_others_is_ever_changed(contents: list[bytes]) -> None:
    with tempfile.TemporaryDirectory(prefix="afterword-") as root:
        folder = Path(root) / "job"
        folder.mkdir()
        for number, content in enumerate(contents):
            (folder / f"{number}.ics").write_bytes(content)
        tool = Tool(Facts.of(3), Path(root) / "state.sqlite")
        for _ in range(2):
            tool.sync(FolderCalendar(folder))
        for number, content in enumerate(contents):
            assert (folder / f"{number}.ics").read_bytes() == content
        uids = [ics_patch.uid_of(path.read_bytes()) for path in folder.glob(f"{uid(1)}*")]
        assert len(uids) <= 1


# ----------------------------------------------------------------- names


@given(st.text(max_size=90), st.text(max_size=90))
def test_every_uid_has_a_safe_file_name_of_its_own(first: str, second: str) -> None:
    name = event_file_name(first)
    assert Path(name).name == name
    assert name.isascii()
    assert name.endswith(".ics")
    assert len(name) <= 68
    assert not name.startswith(".")
    assert not set(name) & set('/\\:*?"<>| ')
    assert (event_file_name(second) == name) == (first == second)


@pytest.mark.parametrize(
    ("given_uid", "name"),
    [
        (uid(1), f"{uid(1)}.ics"),
        ("abc@example.com", "abc@example.com.ics"),
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd.ics"),
        (".hidden", "%2Ehidden.ics"),
        ("con", "%63on.ics"),
        ("Größe", "Gr%C3%B6%C3%9Fe.ics"),
    ],
    ids=["ours", "mail", "path", "hidden", "device", "umlaut"],
)
def test_a_uid_as_a_file_name(given_uid: str, name: str) -> None:
    assert event_file_name(given_uid) == name


@posix
@given(st.binary(min_size=1, max_size=40).filter(lambda name: not set(name) & {0, 0x2F}))
def test_a_file_name_comes_back_from_the_state(name: bytes) -> None:
    href = folder_scan.href_of(os.fsdecode(name))
    assert href.isascii()
    assert os.fsencode(folder_scan.name_of(href)) == name


SCANS: dict[str, tuple[bytes, str | None]] = {
    "one event": (FOREIGN, None),
    "byte order mark": (b"\xef\xbb\xbf" + FOREIGN, None),
    "lower case": (FOREIGN.lower(), None),
    "task": (FOREIGN.replace(b"VEVENT", b"VTODO"), None),
    "cut off": (FOREIGN[:-8], "is no complete calendar file"),
    "no event": (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "has no event in it"),
    "two events": (
        FOREIGN.replace(b"END:VEVENT\n", b"END:VEVENT\nBEGIN:VEVENT\nUID:b\nEND:VEVENT\n"),
        "holds 2 events",
    ),
    "an exception": (
        FOREIGN.replace(
            b"END:VEVENT\n",
            b"END:VEVENT\nBEGIN:VEVENT\nUID:den\n tist\nRECURRENCE-ID:x\nEND:VEVENT\n",
        ),
        None,
    ),
    "two without a UID": (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR",
        "holds 2 events",
    ),
}


@pytest.mark.parametrize(("content", "problem"), SCANS.values(), ids=SCANS.keys())
def test_a_file_is_an_event_or_is_left_alone(
    tmp_path: Path, content: bytes, problem: str | None
) -> None:
    (tmp_path / "a.ics").write_bytes(content)
    scan = folder_scan.scan_folder(tmp_path)
    assert scan.left_alone == ({} if problem is None else {"a.ics": problem})
    assert ("a.ics" in scan.etags) == (problem is None)
