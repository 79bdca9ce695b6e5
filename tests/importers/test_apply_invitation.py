"""The panel of an interview after its invitation, or an update of it, was applied."""

from __future__ import annotations

import datetime as dt

import pytest

from afterword.domain.model import Application, Interview, Person
from afterword.importers import add_invitation, apply_invitation
from afterword.importers.invitation.invitation_model import Invitation
from afterword.importers.match_invitation import InvitationResult, StoredInterview

START = dt.datetime(2026, 11, 24, 14, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
INVITED = Person(name="Thandi Nkosi", email="thandi@karoo.example")
NOTED = ("the move to podcasts",)
PANELS = [
    pytest.param(
        [Person(name="Thandi Nkosi", discussed=NOTED)],
        [Person(name="Thandi Nkosi", email="thandi@karoo.example", discussed=NOTED)],
        id="by name",
    ),
    pytest.param(
        [Person(name="T. Nkosi", email="Thandi@karoo.example", discussed=NOTED)],
        [Person(name="T. Nkosi", email="Thandi@karoo.example", discussed=NOTED)],
        id="by address",
    ),
]


def invitation(*people: Person, start: dt.datetime, sequence: int) -> Invitation:
    return Invitation(
        id="i1",
        uid="u1",
        sequence=sequence,
        stamp=None,
        cancelled=False,
        start=start,
        end=start + HOUR,
        zone=None,
        summary="Interview",
        description="",
        location=None,
        link=None,
        me=None,
        interviewers=people,
        declined=(),
        organizer=None,
        domain=None,
        company=None,
        role=None,
        round=None,
        guessed=(),
        sources={},
        warnings=(),
    )


def application(*people: Person, uid: str | None) -> Application:
    interview = Interview(
        id="r1", start=START, end=START + HOUR, interviewers=people, invitation=uid, sequence=0
    )
    return Application(id="karoo", company="Karoo", role="Designer", interviews=(interview,))


def panel(result: InvitationResult) -> list[Person]:
    assert result.after is not None
    return list(result.after.interviews[0].interviewers)


@pytest.mark.parametrize(("stored", "after"), PANELS)
def test_an_update_keeps_the_notes_of_the_panel(stored: list[Person], after: list[Person]) -> None:
    update = invitation(INVITED, start=START + 24 * HOUR, sequence=1)
    karoo = application(*stored, uid="u1")
    known = StoredInterview(karoo, karoo.interviews[0])
    result = apply_invitation.apply_update(known, update, now=NOW)

    assert panel(result) == after


@pytest.mark.parametrize(
    ("stored", "after"),
    [
        *PANELS,
        pytest.param(
            [Person(name="Thandi Nkosi", email="t.nkosi@mail.example", discussed=NOTED)],
            [Person(name="Thandi Nkosi", email="thandi@karoo.example", discussed=NOTED)],
            id="by name with another address",
        ),
        pytest.param(
            [Person(name="Pieter Louw")], [INVITED, Person(name="Pieter Louw")], id="others stay"
        ),
    ],
)
def test_the_invitation_of_a_typed_interview_joins_its_panel(
    stored: list[Person], after: list[Person]
) -> None:
    before = application(*stored, uid=None)
    result = add_invitation.add_invitation(
        before,
        invitation(INVITED, start=START, sequence=0),
        company="Karoo",
        role="Designer",
        now=NOW,
    )

    assert panel(result) == after
