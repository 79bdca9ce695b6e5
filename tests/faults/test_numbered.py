"""Cases of the list of faults that no other test covers, with their numbers in the ids."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from afterword.errors import InputError
from afterword.importers.invitation.invitation_reader import read_invitation
from tests import unprivileged
from tests.cli.faults import Faults
from tests.cli.life import Life
from tests.cli.test_interrupted import DISKS
from tests.running import Run

posix = pytest.mark.skipif(os.name != "posix", reason="limits and users are those of POSIX")

NOW = "2026-11-24 18:00"
INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
    "UID:one\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261126T090000Z\r\nDTEND:20261126T100000Z\r\n"
    "SUMMARY:Interview: Buyer at Globex\r\nORGANIZER;CN=Ann Lee:mailto:ann@globex.example\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
COMMANDS = {
    "add": ("add", "Umbrella", "Nurse", "--at", "2026-12-03 10:00"),
    "import": ("import", "invite.ics", "--company", "Globex", "--role", "Buyer"),
    "sent": ("sent", "karoo"),
    "export": ("export", "-o", "all.ics"),
}
SWEPT = [pytest.param(COMMANDS[name], id=name) for name in COMMANDS]


@pytest.fixture
def desk(life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """Return somebody whose files, state and exports are all in one directory, `work`."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "work" / "state"))
    life.data = tmp_path / "work" / "data"
    life.held()
    Path("invite.ics").write_bytes(INVITATION.encode())
    shutil.copytree(tmp_path / "work", tmp_path / "before")
    return life


def lay_out(tmp_path: Path) -> None:
    """Let the work be as before; the directory itself stays, because the tests are in it."""
    for path in (tmp_path / "work").iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(tmp_path / "before", tmp_path / "work", dirs_exist_ok=True)


def kept(life: Life) -> dict[str, bytes]:
    """Return what counts: the application files, and the export."""
    exported = Path("all.ics")
    return life.files() | ({"all.ics": exported.read_bytes()} if exported.exists() else {})


@pytest.mark.parametrize("act", DISKS)
@pytest.mark.parametrize("command", SWEPT)
def test_a_failing_disk_leaves_the_old_or_the_new(
    desk: Life, tmp_path: Path, command: tuple[str, ...], act: Callable[[bool], None]
) -> None:
    before = kept(desk)
    assert desk.run(*command, *desk.flags(NOW)).code == 0
    after = kept(desk)
    for nth in itertools.count(1):
        lay_out(tmp_path)
        faults = Faults(nth, act)  # type: ignore[arg-type]
        with pytest.MonkeyPatch.context() as patch:
            faults.put_into(patch)
            result = desk.run(*command, *desk.flags(NOW))
        if faults.calls < nth:
            break
        assert result.code in {0, 73}, result.stderr
        assert kept(desk) in (before, after)
        assert desk.run(*command, *desk.flags(NOW)).code in {0, 2}
        assert kept(desk).keys() >= after.keys()
    assert nth > 3


@posix
@pytest.mark.parametrize("command", SWEPT[:2])
def test_killed_at_any_operation_the_next_run_goes_on(
    desk: Life, tmp_path: Path, command: tuple[str, ...]
) -> None:
    before = kept(desk)
    root = tmp_path / "killed"
    shutil.copytree(tmp_path / "before", root / "before")
    flags = ("--now", "2026-11-24T18:00+02:00", "--zone", desk.zone, "--data", root / "work/data")
    words = [str(root / "work" / word) if word == "invite.ics" else word for word in command]
    environment = os.environ | {"XDG_STATE_HOME": str(root / "work" / "state")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])

    ended = subprocess.run(
        [sys.executable, "-m", "tests.cli.faults", str(root), *words, *map(str, flags)],
        env=environment,
        capture_output=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    runs = sorted(
        (path for path in root.iterdir() if path.name.isdigit()), key=lambda p: int(p.name)
    )
    assert len(runs) > 3
    after = {path.name: path.read_bytes() for path in (runs[-1] / "data").glob("*.toml")}
    for run in runs:
        found = {path.name: path.read_bytes() for path in (run / "data").glob("*.toml")}
        assert found in (before, after)
        desk.data = run / "data"
        words = [str(run / word) if word == "invite.ics" else word for word in command]
        assert desk.run(*words, *desk.flags(NOW)).code in {0, 2}
        assert after.keys() <= {path.name for path in (run / "data").glob("*.toml")}


@posix
@pytest.mark.parametrize("limit", [20, 200, 4_000, 40_000])
@pytest.mark.parametrize("command", SWEPT)
def test_a_limit_on_the_size_of_files_loses_nothing(
    desk: Life, command: tuple[str, ...], limit: int
) -> None:
    import resource  # which Windows does not have

    before = kept(desk)
    line = [sys.executable, "-m", "afterword", *command, *desk.flags(NOW)]

    ended = subprocess.run(
        line,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        check=False,
        text=True,
    )

    assert ended.returncode in {0, 73}, ended.stderr
    assert "Traceback" not in ended.stderr
    if ended.returncode:
        assert kept(desk) == before
    assert desk.run(*command, *desk.flags(NOW)).code in {0, 2}


@posix
@pytest.mark.parametrize("command", SWEPT)
def test_a_home_that_cannot_be_written_is_named(
    desk: Life, tmp_path: Path, command: tuple[str, ...]
) -> None:
    before = kept(desk)
    line = [sys.executable, "-m", "afterword", *command, *desk.flags(NOW)]

    with unprivileged.read_only(tmp_path):
        ended = unprivileged.run(line)

    assert ended.returncode == 73, (ended.returncode, ended.stderr)
    assert "permission denied" in ended.stderr.casefold()
    assert "Traceback" not in ended.stderr
    assert kept(desk) == before


@pytest.mark.parametrize("end", ["VTODO", "VCALENDAR", "VEVENTS", ""])
def test_a_component_with_another_end_is_read_or_refused(end: str) -> None:
    data = INVITATION.replace("END:VEVENT", f"END:{end}").encode()
    found: tuple[object, ...]
    try:
        found = read_invitation(data, source="invite.ics").invitations
    except InputError as error:
        found = (error.message.startswith("invite.ics"),)
    assert any(found)


def application(zone: str) -> str:
    return (
        'company = "Karoo"\nrole = "Buyer"\n[[interview]]\nstart = 2026-11-24T10:00:00\n'
        f'minutes = 60\nzone = "{zone}"\n'
    )


def test_vancouver_no_longer_changes_its_clocks(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(application("America/Vancouver"))
    flags = ("--json", "--now", "2026-11-24T00:00Z", "--zone", "UTC")

    steps = run("plan", tmp_path / "x.toml", *flags).json["applications"][0]["steps"]

    assert dt.datetime.fromisoformat(steps[0]["opens"]).astimezone(dt.UTC).hour == 18


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        pytest.param("Asia/Kathmandu", (4, 15), id="148-kathmandu"),
        pytest.param("Pacific/Apia", (21, 0), id="148-apia"),
        pytest.param("Pacific/Kiritimati", (20, 0), id="148-kiritimati"),
        # Releases of the zone database of 2026 differ about Morocco.
        pytest.param("Africa/Casablanca", None, id="148-casablanca"),
        pytest.param("America/Nuuk", (12, 0), id="148-nuuk"),
    ],
)
def test_zones_of_odd_offsets_have_a_plan(
    run: Run, tmp_path: Path, zone: str, hour: tuple[int, int] | None
) -> None:
    (tmp_path / "x.toml").write_text(application(zone))
    flags = ("--json", "--now", "2026-11-24T00:00Z", "--zone", "UTC")

    steps = run("plan", tmp_path / "x.toml", *flags).json["applications"][0]["steps"]

    start = dt.datetime.fromisoformat(steps[0]["opens"]) - dt.timedelta(hours=1)
    start = start.astimezone(dt.UTC)
    assert hour in {(start.hour, start.minute), None}
    opens = [step["opens"][:10] for step in steps]
    assert opens == sorted(opens)


@pytest.mark.parametrize("words", ["plan", "export -o -", "list", "next", "settings"])
def test_nothing_warns_in_the_development_mode(desk: Life, words: str) -> None:
    line = [sys.executable, "-X", "dev", "-W", "error", "-m", "afterword", *words.split()]
    flags = desk.flags(NOW) if words != "settings" else ("--data", str(desk.data))

    ended = subprocess.run([*line, *flags], capture_output=True, check=False, text=True)

    # `next` counts what is due on stderr; a warning is an error here.
    headline = "1 due today, 1 coming\n" if words == "next" else ""
    assert (ended.returncode, ended.stderr) == (0, headline)
