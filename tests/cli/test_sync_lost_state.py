"""Closing and reopening by commands, with state that is lost in between."""

from __future__ import annotations

import pytest

from tests.cli.synced import DURING, Synced
from tests.sync.test_lost_state import LOSSES, turns


@pytest.mark.parametrize("bin_", [False, True], ids=["", "with-a-trash-bin"])
@pytest.mark.parametrize("loss", LOSSES)
def test_no_event_comes_back_under_a_uid_that_was_deleted(
    synced: Synced, loss: str, bin_: bool
) -> None:
    """Clients of Nextcloud that come back later are told that such an event is gone."""
    model = synced.remote.model
    model.has_bin, model.reports_revived_as_gone = bin_, True
    synced(DURING)
    before, token = synced.seen(), len(model.journal)

    def act(moment: str) -> None:
        if moment.endswith("-synced"):
            synced(DURING)
        else:
            synced.life(DURING, "close" if moment == "closed" else "reopen", "karoo")

    for _ in range(3):
        for moment in turns(act):
            if moment == loss:
                synced.lose_state()
        assert synced.seen() == before
        _, gone, _ = model.changes(token)
        assert not gone & model.objects.keys()
    synced(DURING)
    assert synced.json(DURING)["requests"] == 1


def test_an_application_that_was_reopened_is_adopted_from_an_earlier_generation(
    synced: Synced,
) -> None:
    """Such as events that an earlier version wrote."""
    synced(DURING)
    before = dict(synced.remote.model.objects)
    synced.life(DURING, "close", "karoo")
    synced.life(DURING, "reopen", "karoo")
    synced.lose_state()
    synced(DURING)
    assert synced.remote.model.objects == before
