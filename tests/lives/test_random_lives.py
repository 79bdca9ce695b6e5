"""Random lives over the whole command line, on a real server; see `random_life`.

AFTERWORD_LIVES is how many are lived (default 3, some 20 seconds), AFTERWORD_FIRST_LIFE the seed of
the first, AFTERWORD_LIFE_ACTIONS how long each is.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.life import Life
from tests.lives.random_life import RandomLife
from tests.running import Run
from tests.sync.fault_proxy import fault_proxy
from tests.sync.servers import Real, running

LIVES = int(os.environ.get("AFTERWORD_LIVES", "3"))
FIRST = int(os.environ.get("AFTERWORD_FIRST_LIFE", "0"))
ACTIONS = int(os.environ.get("AFTERWORD_LIFE_ACTIONS", "40"))

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed as in POSIX")


@pytest.fixture(scope="module")
def radicale() -> Iterator[Real]:
    with tempfile.TemporaryDirectory(prefix="afterword-server-") as folder:
        yield from running("radicale", Path(folder))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + LIVES))
def test_a_random_life_keeps_its_promises(
    seed: int, run: Run, tmp_path: Path, radicale: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    phone = radicale.calendar()
    with fault_proxy(radicale.url) as proxy:
        url = proxy.url + phone.url.removeprefix(radicale.url)
        person = Life(run, tmp_path / "data", tmp_path / "job-search.ics")
        life = RandomLife(seed, person, tmp_path, phone, proxy, url)
        life.live(ACTIONS)
    radicale.close()
    assert life.commands >= ACTIONS / 2
