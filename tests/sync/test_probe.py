"""Real servers: their calendars are found from where a person would begin, and a new one made."""

from __future__ import annotations

import datetime as dt

import pytest

from afterword.dav import probe
from afterword.dav.discovery import Discovery
from tests.sync.people import NOW
from tests.sync.servers import PROGRAMS, Real

pytestmark = pytest.mark.parametrize("real", PROGRAMS, indirect=True, scope="session")


def search(real: Real) -> Discovery:
    return Discovery(real.server, lambda *_: pytest.fail("no other host is named here"))


def test_a_calendar_is_made_and_found_again_from_each_beginning(real: Real) -> None:
    with search(real) as discovery:
        home = discovery.find_home(f"{real.url}/")
        made = discovery.create(home, "Job search é")

        assert made.usable
        assert (made.name, made.shared) == ("Job search é", False)
        for beginning in (f"{real.url}/", f"{real.url}{real.home}", made.url):
            names = [one.name for one in discovery.find_home(beginning).calendars]
            assert "Job search é" in names
        assert discovery.find_home(made.url).url is None


def test_a_second_one_of_that_name_gets_an_address_of_its_own(real: Real) -> None:
    with search(real) as discovery:
        first = discovery.create(discovery.find_home(f"{real.url}/"), "Interviews")
        second = discovery.create(discovery.find_home(f"{real.url}/"), "Interviews")

    assert first.url != second.url


def test_a_calendar_is_tried_out_again_and_again_and_nothing_stays(real: Real) -> None:
    calendar = real.calendar()

    for minutes in range(3):
        probe.probe_write(calendar, now=NOW + dt.timedelta(minutes=minutes))

    assert calendar.listing().etags == {}
    server = real.server()
    assert probe.describe_calendar(server, calendar.url).usable
    assert server.server_info
    assert server.server_info.time is not None
