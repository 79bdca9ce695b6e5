"""A process that is killed anywhere leaves a state that the next run goes on from."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.sync.child import facts_of
from tests.sync.servers import Real
from tests.sync.sweeps import Stage, load_proxy, sampled

pytestmark = [
    pytest.mark.parametrize("real", ["radicale"], indirect=True),
    pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="finds its process in /proc"),
]
ROOT = Path(__file__).parents[2]
STAGES = {"first": Stage.first, "second": Stage.second}
WHEN = ("before", "after")
REQUESTS = sampled(itertools.product(STAGES, ("request", "response"), range(1, 6)), 4)
COMMITS = sampled(itertools.product(STAGES, WHEN, range(1, 8)), 6)


@pytest.fixture(scope="session")
def proxy(shared: Path) -> ModuleType:
    return load_proxy(shared)


@pytest.fixture
def radicale(real: Real) -> Iterator[Real]:
    yield real
    real.close()


def run(play: Stage, url: str, where: str = "") -> int:
    """Run a sync in a process of its own; return how it ended."""
    assert play.real.login
    facts = facts_of(play.tool.path)
    facts.write_bytes(pickle.dumps(play.tool.facts))
    login = {"DAV_USER": play.real.login.user, "DAV_PASSWORD": play.real.login.password}
    command = [sys.executable, "-m", "tests.sync.child", str(play.tool.path), url, where]
    environ = os.environ | login | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode
    play.tool.facts = pickle.loads(facts.read_bytes())  # noqa: S301 - our own
    return ended


# The proxy finds its victim in a file that it leaves to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("case", REQUESTS, ids=str)
def test_at_a_request(
    radicale: Real, proxy: ModuleType, tmp_path: Path, case: tuple[str, str, int]
) -> None:
    stage, when, nth = case
    play = STAGES[stage](radicale, tmp_path)
    with proxy.FaultProxy(radicale.url, [{"do": "kill", "when": when, "nth": nth}]) as between:
        calendar = play.through(between.url)
        assert run(play, calendar.url) == -signal.SIGKILL
        play.ends_well(calendar)


@pytest.mark.parametrize("case", COMMITS, ids=str)
def test_at_a_commit(radicale: Real, tmp_path: Path, case: tuple[str, str, int]) -> None:
    stage, when, nth = case
    play = STAGES[stage](radicale, tmp_path)
    calendar = play.direct
    assert run(play, calendar.url, f"commit:{nth}:{when}") in {-signal.SIGKILL, 0}
    play.ends_well(calendar)
