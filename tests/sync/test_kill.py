"""A process that is killed anywhere leaves a state that the next run goes on from."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.sync.child import facts_of
from tests.sync.fault_proxy import Call, Rule, When, fault_proxy
from tests.sync.servers import Real
from tests.sync.sweeps import COURSES, SERVERS, Stage, sampled

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed as in POSIX")
ROOT = Path(__file__).parents[2]
REQUESTS = sampled(
    (
        (server, course, when, nth, connections)
        for server, course, when, connections in itertools.product(
            SERVERS, COURSES, ("request", "response"), (1, 4)
        )
        for nth in range(1, COURSES[course].requests + 1)
    ),
    5,
)
COMMITS = sampled(
    (
        (server, course, when, nth)
        for server, course, when in itertools.product(SERVERS, COURSES, ("before", "after"))
        for nth in range(1, COURSES[course].commits + 1)
    ),
    6,
)


def run(
    play: Stage,
    url: str,
    where: str = "",
    connections: int = 1,
    started: Future[subprocess.Popen[bytes]] | None = None,
) -> int:
    """Run a sync in a process of its own; return how it ended."""
    facts = facts_of(play.tool.path)
    facts.write_bytes(pickle.dumps(play.tool.facts))
    given = play.real.login
    login = {"DAV_USER": given.user, "DAV_PASSWORD": given.password} if given else {}
    command = [sys.executable, "-m", "tests.sync.child", str(play.tool.path), url]
    environ = os.environ | login | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([*command, str(connections), where], cwd=ROOT, env=environ) as process:
        if started:
            started.set_result(process)
        ended = process.wait()
    play.tool.facts = pickle.loads(facts.read_bytes())  # noqa: S301 - our own
    return ended


@pytest.mark.parametrize(
    ("real", "course", "when", "nth", "connections"), REQUESTS, ids=str, indirect=["real"]
)
def test_at_a_request(
    real: Real,
    tmp_path: Path,
    *,
    course: str,
    when: When,
    nth: int,
    connections: int,
) -> None:
    play = COURSES[course].stage(real, tmp_path)
    started: Future[subprocess.Popen[bytes]] = Future()
    killed = Call(lambda: started.result().kill())
    with fault_proxy(real.url, Rule.once(killed, when, nth)) as between:
        url = play.through(between.url).url
        ended = run(play, url, connections=connections, started=started)
        assert ended == -signal.SIGKILL
        play.ends_well(between.url)


@pytest.mark.parametrize(("real", "course", "when", "nth"), COMMITS, ids=str, indirect=["real"])
def test_at_a_commit(real: Real, tmp_path: Path, course: str, when: str, nth: int) -> None:
    play = COURSES[course].stage(real, tmp_path)
    assert run(play, play.direct.url, f"commit:{nth}:{when}") == -signal.SIGKILL
    play.ends_well(real.url)


@pytest.mark.parametrize("real", ["radicale"], indirect=True)
@pytest.mark.parametrize("course", COURSES)
def test_behind_the_last_commit_nothing_is_left_to_do(
    real: Real, tmp_path: Path, course: str
) -> None:
    play = COURSES[course].stage(real, tmp_path)
    assert run(play, play.direct.url, f"commit:{COURSES[course].commits + 1}:before") == 0
    report = play.tool.sync(play.direct)
    assert (report.actions, report.user_edits) == ((), ())
