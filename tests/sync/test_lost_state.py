"""State that is lost anywhere in a life of closing and reopening: nothing lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from afterword.domain import uids
from tests.sync.people import event, uid
from tests.sync.two import Two

LOSSES = ("closed", "closed-synced", "reopened", "reopened-synced")
GENERATIONS = {
    f"{uids.calendar_uid(uid(number), generation)}.ics": number
    for number in range(4)
    for generation in range(16)
}


def turns(act: Callable[[str], None]) -> Iterator[str]:
    """Yield the moments of a close and a reopening, each after it happened."""
    for moment in LOSSES:
        act(moment)
        yield moment


def bodies(two: Two) -> list[str]:
    hrefs = [two.calendar.href(name.removesuffix(".ics")) for name in two.there()]
    found = two.calendar.fetch(hrefs) if hrefs else {}
    return [resource.body.decode() for resource in found.values()]


@pytest.mark.parametrize("loss", LOSSES)
def test_each_event_is_there_once(two: Two, loss: str) -> None:
    def act(moment: str) -> None:
        for number in range(4):
            if moment == "closed":
                two.tool.facts.withdraw(number)
            elif moment == "reopened":
                two.tool.facts.withdrawn.discard(uid(number))
                two.tool.facts.events[uid(number)] = event(number)
        if moment.endswith("-synced"):
            assert two.sync().failed == {}

    for _ in range(2):
        for moment in turns(act):
            if moment == loss:
                two.tool.lose_state()
            if moment == "closed-synced":
                # Some servers refuse to delete again, and Google strips the marks of ours.
                assert all("SUMMARY:Answered:" in body for body in bodies(two))
        assert sorted(GENERATIONS[name] for name in two.there()) == [0, 1, 2, 3]
        assert not any("SUMMARY:Answered:" in body for body in bodies(two))
    two.sync()
    two.settled()
