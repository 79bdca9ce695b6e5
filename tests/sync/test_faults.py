"""The sweep: each fault, before and after each request, then one clean run."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path
from types import ModuleType

import pytest

from afterword.errors import AfterwordError, ConflictError
from tests.cli.life import NOW, Life
from tests.running import Run
from tests.sync.servers import Real
from tests.sync.sweeps import COURSES, QUICK, SERVERS, Rule, Stage, load_proxy, sampled

# The proxy leaves its own connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
on_both = pytest.mark.parametrize("real", SERVERS, indirect=True)

FAULTS: dict[str, Rule] = {
    "drop": {"do": "drop"},
    "reset": {"do": "reset"},
    "hang": {"do": "hang", "seconds": 1.5},
    "truncate": {"do": "truncate"},
    "412": {"do": "reply", "status": 412},
    "423": {"do": "reply", "status": 423},
    "429": {"do": "reply", "status": 429, "headers": {"Retry-After": "3"}},
    "429 for an hour": {"do": "reply", "status": 429, "headers": {"Retry-After": "3600"}},
    "500": {"do": "reply", "status": 500},
    "503": {"do": "reply", "status": 503},
    "503 for a moment": {"do": "reply", "status": 503, "headers": {"Retry-After": "2"}},
    "507": {"do": "reply", "status": 507},
    "302": {"do": "reply", "status": 302, "headers": {"Location": "/login"}},
    "a page": {
        "do": "reply",
        "status": 200,
        "headers": {"Content-Type": "text/html"},
        "body": "<html>Log in</html>",
    },
    "401": {"do": "reply", "status": 401},
}
CASES = sampled(
    (server, course, fault, when, nth)
    for server, course, fault, when in itertools.product(
        SERVERS, COURSES, FAULTS, ("request", "response")
    )
    for nth in range(1, COURSES[course].requests + 1)
    if not (fault == "truncate" and when == "request")
)
BURSTS = sampled(
    itertools.product(SERVERS, ("drop", "500", "429"), ("1-3", "2-5", "3-")), len(SERVERS) * 4
)


@pytest.fixture(scope="session")
def proxy(shared: Path) -> ModuleType:
    return load_proxy(shared)


@pytest.mark.parametrize(
    ("real", "course", "fault", "when", "nth"), CASES, ids=str, indirect=["real"]
)
def test_one_clean_run_repairs_it(
    real: Real, proxy: ModuleType, tmp_path: Path, *, course: str, fault: str, when: str, nth: int
) -> None:
    play = COURSES[course].stage(real, tmp_path)
    disturbed(play, proxy, {**FAULTS[fault], "when": when, "nth": nth})


def disturbed(play: Stage, proxy: ModuleType, rule: Rule) -> None:
    with proxy.FaultProxy(play.real.url, [rule]) as between:
        with contextlib.suppress(AfterwordError):
            play.claims_are_true(play.tool.sync(play.through(between.url, QUICK)))
        between.rules = []
        play.ends_well(between.url)


@on_both
@pytest.mark.parametrize("course", COURSES)
def test_the_sweep_reaches_every_request(
    real: Real, proxy: ModuleType, tmp_path: Path, course: str
) -> None:
    play = COURSES[course].stage(real, tmp_path)
    with proxy.FaultProxy(real.url) as between:
        play.tool.sync(play.through(between.url), connections=1)
        assert len(between.log) == COURSES[course].requests


@pytest.mark.parametrize(("real", "fault", "nth"), BURSTS, ids=str, indirect=["real"])
def test_a_burst_of_faults_is_one_of_them(
    real: Real, proxy: ModuleType, tmp_path: Path, fault: str, nth: str
) -> None:
    rule = {**FAULTS[fault], "when": "response", "nth": nth}
    disturbed(Stage.second(real, tmp_path), proxy, rule)


@on_both
def test_an_empty_list_is_no_deletion(real: Real, proxy: ModuleType, tmp_path: Path) -> None:
    play = Stage.first(real, tmp_path)
    with proxy.FaultProxy(real.url) as between:
        calendar = play.through(between.url)
        play.tool.sync(calendar)
        empty = {
            "method": "REPORT",
            "nth": "*",
            "when": "response",
            "do": "edit",
            "find": r"(?s)<(\w+:)?response>.*</(\w+:)?response>",
        }
        # Without its token the next look is at everything, and finds nothing.
        lost = {"method": "REPORT", "do": "reply", "status": 403}
        between.rules = [proxy.Rule(lost), proxy.Rule(empty)]
        with pytest.raises(ConflictError):
            play.tool.sync(calendar)
        between.rules = []
        play.ends_well(between.url)


@on_both
def test_a_rehearsal_sends_no_write(real: Real, proxy: ModuleType, tmp_path: Path) -> None:
    play = Stage.second(real, tmp_path)
    with proxy.FaultProxy(real.url) as between:
        before = play.objects()
        report = play.tool.sync(play.through(between.url), rehearsal=True)
        assert len(report.actions) == 4
        assert {entry["method"] for entry in between.log} <= {"PROPFIND", "REPORT", "GET"}
        assert play.objects() == before


@pytest.mark.parametrize("real", ["radicale"], indirect=True)
@pytest.mark.parametrize("flag", ["--dry-run", "--check"])
def test_a_rehearsal_of_the_command_sends_no_write(
    real: Real, proxy: ModuleType, run: Run, tmp_path: Path, flag: str
) -> None:
    life = Life(run, tmp_path / "data", tmp_path / "calendar.ics")
    life.held()
    assert real.login
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text(real.login.password)
    with proxy.FaultProxy(real.url) as between:
        url = real.calendar().url.replace(real.url, between.url)
        login = ("--user", real.login.user, "--password-file", str(secret))
        command = ("sync", "--calendar-url", url, *login, "--json")
        assert life(NOW, *command, flag).json["created"] > 0
        assert {entry["method"] for entry in between.log} <= {"PROPFIND", "REPORT", "GET"}
        looked = len(between.log)
        told = life(NOW, *command).json
        assert (told["created"] > 0, told["failed"]) == (True, [])
        # Of an address that was typed it is asked whether that is a calendar at all.
        assert len(between.log) == looked + 1 + 1 + told["created"]
