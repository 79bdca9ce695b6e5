"""Tests of twenty pages of drafts against golden files: each situation, channel, language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs
import pytest

from afterword.domain.model import Answer, Channel, Interview, LogEntry, Person, StepKind
from afterword.messages.compose import DraftSettings, compose_drafts, compose_situation
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import get_language
from afterword.messages.message_context import Situation
from tests.messages.sample_applications import (
    AMINA,
    DAY,
    NOBODY,
    PIET,
    SAM,
    THANDI,
    answer_entry,
    draft_settings,
    log_entry,
    make_application,
    make_interview,
    plan_of,
    step_of,
)

HELD = make_interview()
ON_THE_DAY = DAY(2026, 11, 24)


@attrs.frozen(kw_only=True)
class Page:
    """The content of a golden page: drafts of steps, then of unplanned situations."""

    steps: tuple[tuple[StepKind, int], ...] = ()
    unplanned: tuple[Situation, ...] = ()
    interviews: tuple[Interview, ...] = (HELD,)
    log: tuple[LogEntry, ...] = ()
    channel: Channel = Channel.EMAIL
    form: str = "en"
    with_details: bool = True

    def drafts(self) -> Iterator[Draft]:
        application = make_application(*self.interviews, log=self.log)
        plan, settings = plan_of(application), self._settings()
        for kind, episode in self.steps:
            yield from compose_drafts(
                plan, step_of(plan, kind, episode), settings, channel=self.channel
            )
        for situation in self.unplanned:
            yield from compose_situation(
                plan,
                situation,
                settings,
                send_date=ON_THE_DAY,
                deadline=DAY(2026, 12, 4),
                channel=self.channel,
            )

    def _settings(self) -> DraftSettings:
        return draft_settings(SAM if self.with_details else NOBODY, self.form)


THANKS = ((StepKind.THANK_YOU, 0),)
FIRST = ((StepKind.FIRST, 0),)
SECOND = ((StepKind.SECOND, 0),)
REPLY = ((StepKind.REPLY, 0),)
NEUTRAL = answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL, DAY(2026, 12, 11))
SENT_FIRST = log_entry(DAY(2026, 12, 1), sent=StepKind.FIRST)
CALLED = attrs.evolve(THANDI, phone="+27 21 555 0199")
JANA = Person(
    name="Jana Petersen",
    email="jana@karoo.example",
    discussed=("der Wechsel vom Druck zum Podcast", "die Redaktionskonferenz am Montag"),
    fit=("Ich habe zwei Jahre lang Redaktionskonferenzen geleitet",) * 2,
)
SECOND_ROUND = make_interview("second", DAY(2026, 12, 8), (AMINA,))

PAGES = {
    "thank-you": Page(steps=THANKS),
    "thank-you-panel": Page(
        steps=THANKS, interviews=(make_interview(people=(THANDI, PIET, AMINA)),)
    ),
    "thank-you-phone-screen-linkedin": Page(
        steps=THANKS,
        interviews=(attrs.evolve(HELD, round="phone screen"),),
        channel=Channel.LINKEDIN,
    ),
    "thank-you-final-round-american": Page(
        steps=THANKS, interviews=(attrs.evolve(HELD, round="final round"),), form="en-US"
    ),
    "thank-you-late-fewest-facts": Page(
        steps=THANKS,
        interviews=(make_interview(people=(), added=DAY(2026, 11, 27)),),
        with_details=False,
    ),
    "first-follow-up": Page(steps=FIRST),
    "first-follow-up-after-date": Page(
        steps=FIRST, interviews=(make_interview(decision_by=DAY(2026, 12, 4)),)
    ),
    "first-follow-up-after-call": Page(
        steps=FIRST, log=(log_entry(DAY(2026, 11, 24), they_will_call=True),)
    ),
    "first-follow-up-after-absence-german-formal": Page(
        steps=FIRST,
        interviews=(make_interview(people=(JANA,)),),
        log=(log_entry(DAY(2026, 11, 30), away_until=DAY(2026, 12, 7)),),
        form="de",
    ),
    "first-follow-up-with-thanks": Page(
        steps=FIRST, interviews=(make_interview(added=DAY(2026, 12, 4)),)
    ),
    "first-follow-up-phone": Page(
        steps=FIRST, interviews=(make_interview(people=(CALLED,)),), channel=Channel.PHONE
    ),
    "first-follow-up-still-open-linkedin": Page(
        steps=((StepKind.FIRST, 1),),
        log=(answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL),),
        channel=Channel.LINKEDIN,
    ),
    "first-follow-up-next-step": Page(
        steps=((StepKind.FIRST, 1),), log=(answer_entry(DAY(2026, 12, 2), Answer.POSITIVE),)
    ),
    "second-follow-up": Page(steps=SECOND, log=(SENT_FIRST,)),
    "move-on": Page(steps=((StepKind.MOVE_ON, 0),)),
    "reply-positive-and-offer": Page(
        steps=REPLY,
        unplanned=(Situation.OFFER,),
        log=(answer_entry(DAY(2026, 12, 2), Answer.POSITIVE),),
    ),
    "reply-neutral-german-informal": Page(
        steps=REPLY, interviews=(make_interview(people=(JANA,)),), log=(NEUTRAL,), form="de du"
    ),
    "reply-rejected-and-keep-in-touch": Page(
        steps=(*REPLY, (StepKind.KEEP_IN_TOUCH, 0)),
        log=(
            answer_entry(DAY(2026, 12, 2), Answer.REJECTED),
            log_entry(DAY(2026, 12, 3), keep_in_touch=DAY(2027, 3, 1)),
        ),
    ),
    "on-the-day": Page(unplanned=(Situation.NO_SHOW, Situation.TECHNICAL_FAILURE)),
    "next-round-and-another-offer": Page(
        unplanned=(Situation.NEXT_ROUND, Situation.COMPETING_OFFER), interviews=(HELD, SECOND_ROUND)
    ),
}


def _format(draft: Draft) -> str:
    to = draft.to.name if draft.to else "oneself" if draft.to_oneself else "the team"
    head = [f"== {draft.name}, {draft.channel}, to {to}"]
    head += [draft.heading] if draft.heading else []
    head += [f"Subject: {draft.subject}"] if draft.subject else []
    questions = "".join(f"? {question}\n" for question in draft.hints)
    return "\n".join(head) + f"\n\n{draft.body}\n" + (f"\n{questions}" if questions else "")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_as_it_did(name: str, golden: Callable[[str | bytes, str], None]) -> None:
    golden("\n\n".join(map(_format, PAGES[name].drafts())), f"{name}.txt")


def test_the_pages_show_every_situation_and_channel() -> None:
    drafts = [draft for page in PAGES.values() for draft in page.drafts()]
    situations = {draft.name.removesuffix("-note").removesuffix("-voicemail") for draft in drafts}
    # LinkedIn has one text for all first follow-ups; the page is about an open decision.
    assert situations | {Situation.STILL_OPEN} == set(Situation)
    assert {draft.channel for draft in drafts} == set(Channel)
    assert len(PAGES) == 20
    assert get_language("de").code in {page.form[:2] for page in PAGES.values()}
