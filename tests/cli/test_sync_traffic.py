"""What a sync asks of a server: its requests, and the bytes that go both ways."""

from __future__ import annotations

import pytest

from tests.cli.life import NOW
from tests.cli.synced import Synced
from tests.sync.http import DavServer, Reply, Request

SAME_DAY = "2026-12-01 11:00"
A_PAGE = 2048


@pytest.fixture
def replies(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the list that gets the body of each answer."""
    bodies: list[bytes] = []
    answer = DavServer.answer

    def kept(self: DavServer, request: Request) -> Reply:
        reply = answer(self, request)
        bodies.append(reply.body)
        return reply

    monkeypatch.setattr(DavServer, "answer", kept)
    return bodies


def traffic(synced: Synced, replies: list[bytes], now: str) -> tuple[list[str], int]:
    """Return the methods of a sync, and the bytes of all bodies but those of the events."""
    replies.clear()
    synced(now)
    sent = [r.body for r in synced.remote.log if r.method != "PUT"]
    return synced.remote.methods(), sum(map(len, sent)) + sum(map(len, replies))


def test_a_first_sync_puts_each_event_once(synced: Synced, replies: list[bytes]) -> None:
    methods, size = traffic(synced, replies, NOW)

    events = len(synced.remote.model.objects)
    assert methods.count("PUT") == events > 3
    assert len(methods) == events + 1
    assert size <= A_PAGE


def test_a_sync_with_nothing_new_is_one_small_request(synced: Synced, replies: list[bytes]) -> None:
    synced(NOW)

    methods, size = traffic(synced, replies, SAME_DAY)

    assert methods == ["REPORT"]
    assert size <= A_PAGE


def test_the_traffic_of_nothing_new_does_not_grow(synced: Synced, replies: list[bytes]) -> None:
    synced(NOW)
    synced(NOW)
    _, before = traffic(synced, replies, SAME_DAY)
    for number in range(5):
        company = f"Company {number}"
        at = ("--at", "2026-12-03 10:00", "--country", "none")
        synced.life(NOW, "add", company, "Cook", *at)
    synced(NOW)
    synced(NOW)  # hears of its own writes once

    methods, after = traffic(synced, replies, SAME_DAY)

    assert methods == ["REPORT"]
    assert after <= before + 16  # a number in the sync token


def test_a_change_writes_what_changed_and_nothing_else(
    synced: Synced, replies: list[bytes]
) -> None:
    synced(NOW)
    synced.life(SAME_DAY, "move", "karoo", "second-follow-up", "--to", "2026-12-10 10:00")

    methods, size = traffic(synced, replies, "2026-12-01 12:00")

    changed = methods.count("PUT") + methods.count("DELETE")
    assert 1 <= changed <= 3
    assert len(methods) == 1 + changed
    assert size <= A_PAGE
