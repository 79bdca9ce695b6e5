"""The sweep: each fault, before and after each request, then one clean run."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path

import pytest

from afterword.errors import AfterwordError, ConflictError
from tests.cli.life import NOW, Life
from tests.running import Run
from tests.sync.fault_proxy import (
    Drop,
    Fault,
    Hang,
    Remove,
    Reply,
    Reset,
    Rule,
    Truncate,
    When,
    fault_proxy,
)
from tests.sync.servers import Real
from tests.sync.sweeps import COURSES, QUICK, SERVERS, Stage, sampled

on_both = pytest.mark.parametrize("real", SERVERS, indirect=True)

FAULTS: dict[str, Fault] = {
    "drop": Drop(),
    "reset": Reset(),
    "hang": Hang(1.5),
    "truncate": Truncate(),
    "412": Reply(412),
    "423": Reply(423),
    "429": Reply(429, {"Retry-After": "3"}),
    "429 for an hour": Reply(429, {"Retry-After": "3600"}),
    "500": Reply(500),
    "503": Reply(503),
    "503 for a moment": Reply(503, {"Retry-After": "2"}),
    "507": Reply(507),
    "302": Reply(302, {"Location": "/login"}),
    "a page": Reply(200, {"Content-Type": "text/html"}, "<html>Log in</html>"),
    "401": Reply(401),
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
READING = {"PROPFIND", "REPORT", "GET"}


@pytest.mark.parametrize(
    ("real", "course", "fault", "when", "nth"), CASES, ids=str, indirect=["real"]
)
def test_one_clean_run_repairs_it(
    real: Real, tmp_path: Path, *, course: str, fault: str, when: When, nth: int
) -> None:
    play = COURSES[course].stage(real, tmp_path)
    disturbed(play, Rule.once(FAULTS[fault], when, nth))


def disturbed(play: Stage, rule: Rule) -> None:
    with fault_proxy(play.real.url, rule) as between:
        with contextlib.suppress(AfterwordError):
            play.claims_are_true(play.tool.sync(play.through(between.url, QUICK)))
        between.use()
        play.ends_well(between.url)


@on_both
@pytest.mark.parametrize("course", COURSES)
def test_the_sweep_reaches_every_request(real: Real, tmp_path: Path, course: str) -> None:
    play = COURSES[course].stage(real, tmp_path)
    with fault_proxy(real.url) as between:
        play.tool.sync(play.through(between.url), connections=1)
        assert len(between.log) == COURSES[course].requests


@pytest.mark.parametrize(("real", "fault", "nth"), BURSTS, ids=str, indirect=["real"])
def test_a_burst_of_faults_is_one_of_them(real: Real, tmp_path: Path, fault: str, nth: str) -> None:
    first, _, last = nth.partition("-")
    rule = Rule(
        fault=FAULTS[fault],
        when="response",
        first=int(first),
        last=int(last) if last else None,
    )
    disturbed(Stage.second(real, tmp_path), rule)


@on_both
def test_an_empty_list_is_no_deletion(real: Real, tmp_path: Path) -> None:
    play = Stage.first(real, tmp_path)
    with fault_proxy(real.url) as between:
        calendar = play.through(between.url)
        for _ in range(2):  # the second sees what the first has written
            play.tool.sync(calendar)
        empty = Remove(r"(?s)<(\w+:)?response>.*</(\w+:)?response>")
        # Without its token the next look is at everything, and finds nothing.
        between.use(
            Rule(fault=Reply(403), method="REPORT", last=1),
            Rule(fault=empty, when="response", method="PROPFIND"),
            Rule(fault=empty, when="response", method="REPORT"),
        )
        with pytest.raises(ConflictError):
            play.tool.sync(calendar)
        between.use()
        play.ends_well(between.url)


@on_both
def test_a_dry_run_sends_no_write(real: Real, tmp_path: Path) -> None:
    play = Stage.second(real, tmp_path)
    with fault_proxy(real.url) as between:
        before = play.objects()
        report = play.tool.sync(play.through(between.url), dry_run=True)
        assert len(report.actions) == 4
        assert {request.method for request in between.log} <= READING
        assert play.objects() == before


@pytest.mark.parametrize("real", ["radicale"], indirect=True)
@pytest.mark.parametrize("flag", ["--dry-run", "--check"])
def test_a_dry_run_of_the_command_sends_no_write(
    real: Real, run: Run, tmp_path: Path, flag: str
) -> None:
    life = Life(run, tmp_path / "data", tmp_path / "calendar.ics")
    life.held()
    assert real.login
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text(real.login.password)
    with fault_proxy(real.url) as between:
        url = real.calendar().url.replace(real.url, between.url)
        login = ("--user", real.login.user, "--password-file", str(secret))
        command = ("sync", "--calendar-url", url, *login, "--json")
        assert life(NOW, *command, flag).json["created"] > 0
        assert {request.method for request in between.log} <= READING
        looked = len(between.log)
        told = life(NOW, *command).json
        assert (told["created"] > 0, told["failed"]) == (True, [])
        # The first look asks of a typed address if that is a calendar at all.
        assert len(between.log) == looked + 1 + told["created"]
