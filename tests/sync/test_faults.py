"""The sweep: each fault, before and after each request, then one clean run."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from afterword.errors import AfterwordError, ConflictError
from tests.sync.servers import Real
from tests.sync.sweeps import Rule, Stage, load_proxy, sampled

# One server is enough for the sweep.
pytestmark = pytest.mark.parametrize("real", ["radicale"], indirect=True)

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
STAGES = {"first": Stage.first, "second": Stage.second}
CASES = sampled(
    (stage, fault, when, nth)
    for stage, fault, when, nth in itertools.product(
        STAGES, FAULTS, ("request", "response"), range(1, 7)
    )
    if not (fault == "truncate" and when == "request")
)


@pytest.fixture(scope="session")
def proxy(shared: Path) -> ModuleType:
    return load_proxy(shared)


@pytest.fixture
def radicale(real: Real) -> Iterator[Real]:
    yield real
    real.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_one_clean_run_repairs_it(
    radicale: Real, proxy: ModuleType, tmp_path: Path, case: tuple[str, str, str, int]
) -> None:
    stage, fault, when, nth = case
    disturbed(STAGES[stage](radicale, tmp_path), proxy, {**FAULTS[fault], "when": when, "nth": nth})


def disturbed(play: Stage, proxy: ModuleType, rule: Rule) -> None:
    with proxy.FaultProxy(play.real.url, [rule]) as between:
        calendar = play.through(between.url)
        with contextlib.suppress(AfterwordError):
            play.claims_are_true(play.tool.sync(calendar))
        between.rules = []
        play.ends_well(calendar)


@pytest.mark.parametrize("nth", ["1-3", "2-5", "3-"])
@pytest.mark.parametrize("fault", ["drop", "500", "429"])
def test_a_burst_of_faults_is_one_of_them(
    radicale: Real, proxy: ModuleType, tmp_path: Path, fault: str, nth: str
) -> None:
    rule = {**FAULTS[fault], "when": "response", "nth": nth}
    disturbed(Stage.second(radicale, tmp_path), proxy, rule)


def test_an_empty_list_is_no_deletion(radicale: Real, proxy: ModuleType, tmp_path: Path) -> None:
    play = Stage.first(radicale, tmp_path)
    with proxy.FaultProxy(radicale.url) as between:
        calendar = play.through(between.url)
        play.tool.sync(calendar)
        empty = {
            "method": "REPORT",
            "nth": "*",
            "when": "response",
            "do": "edit",
            "find": r"(?s)<response>.*</response>",
        }
        # Without its token the next look is at everything, and finds nothing.
        lost = {"method": "REPORT", "do": "reply", "status": 403}
        between.rules = [proxy.Rule(lost), proxy.Rule(empty)]
        with pytest.raises(ConflictError):
            play.tool.sync(calendar)
        between.rules = []
        play.ends_well(calendar)


def test_a_rehearsal_sends_no_write(radicale: Real, proxy: ModuleType, tmp_path: Path) -> None:
    play = Stage.second(radicale, tmp_path)
    with proxy.FaultProxy(radicale.url) as between:
        before = play.objects()
        report = play.tool.sync(play.through(between.url), rehearsal=True)
        assert len(report.actions) == 4
        assert {entry["method"] for entry in between.log} <= {"PROPFIND", "REPORT", "GET"}
        assert play.objects() == before
