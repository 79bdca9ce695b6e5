"""The walls that conftest builds around every test stand."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from afterword.settings.paths import find_locations
from afterword.system import clock
from tests.running import Run

Wall = pytest.fail.Exception


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_no_test_reaches_another_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one, pytest.raises(Wall, match=host):
        one.connect((host, 9))


def test_no_test_asks_for_a_name() -> None:
    with pytest.raises(Wall, match=r"karoo\.example"):
        socket.getaddrinfo("karoo.example", 443)


def test_a_server_on_this_machine_is_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_no_test_reads_the_machine_s_clock_or_zone(run: Run) -> None:
    for read in (clock.now, clock.local_zone, lambda: run("plan", "samples/week.toml")):
        with pytest.raises(Wall, match="pass --now and --zone"):
            read()


def test_no_test_sees_the_home_of_whoever_runs_it(home: Path) -> None:
    assert list(home.iterdir()) == []
    assert Path(os.path.expanduser("~")) == home  # noqa: PTH111 - what libraries call
    if os.name == "posix":
        assert home in find_locations().settings.parents
