"""Each piece of advice on following up after an interview, and where the program acts on it.

The advice is that of an article, in our own words; `TABLE` has its sections in order. Each
row runs the program and looks at a plan, an event or a draft.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable
from pathlib import Path

import attrs
import icalendar
import pytest

import afterword
from tests.cli.life import Life
from tests.running import Run

BEFORE, AFTER = "2026-11-20 10:00", "2026-11-24 15:30"
TOPIC, EXPERIENCE = "the move from print to podcasts", "I ran a podcast launch of this size"
INTEREST = re.compile(r"\b(keen|love|excited|interested|glad|enjoy|look forward|like to)\b")
AVAILABLE = re.compile(
    r"\b(glad|happy|available|free|whenever|any time|suits? you|works? for you|questions)\b"
)
PACKAGE = Path(afterword.__file__).parent


@attrs.define
class JobSearch:
    """Somebody with an interview at Karoo on Tuesday, 24 November 2026, 14:00 to 15:00."""

    life: Life

    def __attrs_post_init__(self) -> None:
        self.life.held("--discussed", TOPIC, "--fit", EXPERIENCE)
        self.life(BEFORE, "settings", "set", "name", "Sam Seeker")

    def log(self, now: str, *command: str) -> str:
        return self.life(now, *command).text

    def plan(self, name: str) -> tuple[str, str]:
        """Return the first and the last day (or moment) of a step's window."""
        step = self.life.plan(AFTER)[f"r1 {name}"]
        return step["opens"], step["closes"]

    def draft(self, step: str, *more: str, now: str = AFTER) -> str:
        """Return the first draft of a step: its head, subject and body."""
        text = self.life(now, "draft", "karoo", step, *more).text
        return re.split(r"\n(?:Haven't sent the first one|Not connected) yet\?", text)[0]

    def body(self, step: str, *more: str, now: str = AFTER) -> str:
        return self.draft(step, *more, now=now).partition("\n\n")[2]

    def events(self, now: str = AFTER) -> dict[str, str]:
        """Return the descriptions of the calendar's events by title."""
        data = self.life(now, "export", "-o", "-").stdout
        events = icalendar.Calendar.from_ical(data).events
        return {str(e["SUMMARY"]): str(e.get("DESCRIPTION", "")) for e in events}

    def event(self, title: str, now: str = AFTER) -> str:
        """Return the description of the event whose title begins like this."""
        return next(text for each, text in self.events(now).items() if each.startswith(title))


def days_after_interview(*numbers: int) -> tuple[str, ...]:
    return tuple((dt.date(2026, 11, 24) + n * dt.timedelta(days=1)).isoformat() for n in numbers)


# During the interview, and right after it.


def asks_for_next_steps(job: JobSearch) -> None:
    job.life(BEFORE, "settings", "set", "reminders", "before")
    event = job.event("Ask about next steps: Karoo")
    assert "- ask about next steps, and by which day they want to decide" in event
    assert "by which day they want to decide" in job.log(BEFORE, "add", *LATER)


def says_that_a_follow_up_will_come(job: JobSearch) -> None:
    job.life(BEFORE, "settings", "set", "reminders", "before")
    event = job.event("Ask about next steps: Karoo")
    assert "- say that you will follow up" in event
    assert "thank them for the conversation" in event


def thanks_within_a_day(job: JobSearch) -> None:
    assert job.plan("thank-you 0") == ("2026-11-24T15:00:00+02:00", "2026-11-25T15:00:00+02:00")
    assert "Thank Karoo" in " ".join(job.events())
    assert "by Wed 25 Nov, 15:00" in job.event("Thank ")


def thanks_in_person(job: JobSearch) -> None:
    text = job.body("thank-you")
    assert text.startswith("Dear Thandi Nkosi,")
    assert re.search(r"\b[Tt]hank", text)
    assert INTEREST.search(text)


def notes_are_taken_at_once(job: JobSearch) -> None:
    job.life(BEFORE, "settings", "set", "reminders", "after")
    event = job.event("Note it down: Karoo")
    assert "Who was there?" in event
    assert "We talked about ..." in event
    job.log(AFTER, "debrief", "karoo", "--interviewer", "Pieter", "--discussed", "the budget")
    assert "the budget" in job.body("thank-you", "--to", "Pieter")


def the_follow_up_is_planned(job: JobSearch) -> None:
    named = job.log(AFTER, "debrief", "karoo", "--decision-by", "2026-12-04", "--channel", "phone")
    assert "they named 4 December" in named
    assert job.plan("first-follow-up 0") == ("2026-12-07", "2026-12-09")
    assert "Office hours: 09:00 to 17:00" in job.event("Follow up with Karoo")


def a_topic_of_the_conversation_is_named(job: JobSearch) -> None:
    assert TOPIC in job.body("thank-you")


def the_survey_is_a_reason_to_thank(job: JobSearch) -> None:
    lines = [line for line in job.event("Thank ").splitlines() if "57" in line]
    assert lines == ["Why it pays: in one survey, 57 percent sent no thank-you. Yours stands out."]


# Timing.


def the_first_follow_up_is_on_day_5_to_7(job: JobSearch) -> None:
    assert job.plan("first-follow-up 0") == days_after_interview(5, 7)
    assert "day 5-7 after the interview" in job.event("Follow up with Karoo")


def the_second_follow_up_is_on_day_10_to_14(job: JobSearch) -> None:
    job.log("2026-11-30 10:00", "sent", "karoo", "first-follow-up")
    opens, closes = job.plan("second-follow-up 0")
    first, last = days_after_interview(10, 14)
    assert first <= opens <= closes <= last


def later_follow_ups_are_7_to_10_days_apart(job: JobSearch) -> None:
    job.log("2026-12-02 10:00", "heard", "karoo", "neutral")
    assert job.plan("first-follow-up 1") == ("2026-12-09", "2026-12-12")


# The message.


def the_subject_names_the_role(job: JobSearch) -> None:
    for step in ("first-follow-up", "second-follow-up"):
        (subject,) = re.findall("^Subject: (.*)$", job.draft(step), re.MULTILINE)
        assert "Marketing Manager" in subject
        assert len(subject) < 70


def the_opening_has_the_name_and_thanks(job: JobSearch) -> None:
    text = job.body("first-follow-up")
    assert text.startswith("Dear Thandi Nkosi,\n")
    assert re.search(r"\b[Tt]hank", text)


def the_body_has_interest_conversation_and_experience(job: JobSearch) -> None:
    for step in ("thank-you", "first-follow-up"):
        text = job.body(step)
        assert INTEREST.search(text)
        assert TOPIC in text
        assert EXPERIENCE in text


def the_close_asks_for_the_status_and_offers_time(job: JobSearch) -> None:
    text = job.body("first-follow-up")
    assert text.count("?") == 1
    assert AVAILABLE.search(text)


def a_call_where_they_like_calls(job: JobSearch) -> None:
    job.log(AFTER, "debrief", "karoo", "--channel", "phone")
    event = job.event("Follow up with Karoo")
    assert "Office hours: " in event
    assert "If you reach the voicemail:" in event


def linkedin_where_they_write_there(job: JobSearch) -> None:
    job.log(AFTER, "debrief", "karoo", "--channel", "linkedin")
    assert "Subject:" not in job.draft("first-follow-up")
    by_mail = job.body("first-follow-up", "--channel", "email")
    assert len(job.body("first-follow-up")) < len(by_mail)


# Scenarios.


def the_second_waits_another_week(job: JobSearch) -> None:
    job.log("2026-12-03 10:00", "sent", "karoo", "first-follow-up")
    assert job.plan("second-follow-up 0")[0] == "2026-12-10"


def the_second_is_short_and_polite(job: JobSearch) -> None:
    first, second = job.body("first-follow-up"), job.body("second-follow-up")
    assert len(second) < len(first) * 0.8
    assert INTEREST.search(second)
    assert second.count("?") == 1


def after_two_there_is_no_third(job: JobSearch) -> None:
    job.log("2026-11-30 10:00", "sent", "karoo", "first-follow-up")
    job.log("2026-12-08 10:00", "sent", "karoo", "second-follow-up")
    assert [step["step"] for step in job.life.plan("2027-02-01 10:00").values()] == [
        "thank-you",
        "first-follow-up",
        "second-follow-up",
        "move-on",
    ]
    assert "third" in job.life("2026-12-15 10:00", "draft", "karoo", "third", code=2).stderr


def a_positive_answer_gets_thanks_interest_and_time(job: JobSearch) -> None:
    job.log("2026-12-02 10:00", "heard", "karoo", "positive")
    text = job.body("reply", now="2026-12-02 10:30")
    assert re.search(r"\b[Tt]hank", text)
    assert INTEREST.search(text)
    assert AVAILABLE.search(text)


def a_neutral_answer_gets_interest_and_respect(job: JobSearch) -> None:
    job.log("2026-12-02 10:00", "heard", "karoo", "neutral")
    text = job.body("reply", now="2026-12-02 10:30")
    assert re.search(r"\b[Tt]hank", text)
    assert INTEREST.search(text)
    assert "?" not in text


def a_rejection_gets_thanks_one_question_and_goodwill(job: JobSearch) -> None:
    job.log("2026-12-02 10:00", "heard", "karoo", "rejected")
    text = job.body("reply", now="2026-12-02 10:30")
    assert re.search(r"\b[Tt]hank", text)
    assert text.count("?") == 1
    assert re.search(r"in touch|cross|again|future", text)
    job.log("2026-12-03 10:00", "close", "karoo", "--keep-in-touch", "2027-03-01")
    assert "Keep in touch: Karoo" in job.events("2026-12-03 10:00")


def silence_may_be_asked_for_feedback(job: JobSearch) -> None:
    assert "you can ask for feedback once:" in job.event("Move on from Karoo?")


# The psychology.


def tips(job: JobSearch, now: str = AFTER) -> list[str]:
    return [
        line
        for text in job.events(now).values()
        for line in text.splitlines()
        if line.startswith("Meanwhile: ")
    ]


def all_tips(job: JobSearch) -> str:
    """Return the tips of several applications: each begins with another one."""
    for number in range(6):
        company = f"Company {number}"
        job.log(BEFORE, "add", company, "Cook", "--at", "2026-11-24 14:00", "--country", "ZA")
    return "\n".join(tips(job))


def the_employers_view_is_explained(job: JobSearch) -> None:
    text = all_tips(job)
    assert "talking to others or waiting for approval" in text
    assert "too many put people off" in text


def interest_without_pressure(job: JobSearch) -> None:
    pressing = b"I must hear back by Friday, or I will accept another offer."
    found = job.life.run("check", "-", *job.life.flags(AFTER), input=pressing)
    assert found.code == 3
    assert job.life.run("check", "karoo", *job.life.flags(AFTER)).code == 0


def waiting_has_a_use(job: JobSearch) -> None:
    text = all_tips(job)
    for use in ("went well", "talk to someone in your field", "a skill", "the next application"):
        assert use in text


def no_tip_comes_twice_running(job: JobSearch) -> None:
    for entries in ((), (("heard", "karoo", "neutral"),), (("sent", "karoo", "thank-you"),)):
        for entry in entries:
            job.log("2026-11-25 10:00", *entry)
        # The reminder and the window event of a step have the same text.
        lines = tips(job, "2026-11-25 10:30")[::2]
        assert len(lines) > 1
        assert all(one != other for one, other in itertools.pairwise(lines))


# Moving on.


def silence_after_two_is_a_sign(job: JobSearch) -> None:
    job.log("2026-11-30 10:00", "sent", "karoo", "first-follow-up")
    job.log("2026-12-08 10:00", "sent", "karoo", "second-follow-up")
    assert "\n- two messages, no answer in 21 days\n" in job.event("Move on from Karoo?")


def a_date_or_call_that_passed_is_a_sign(job: JobSearch) -> None:
    job.log(AFTER, "expect", "karoo", "--decision-by", "2026-12-04")
    job.log(AFTER, "expect", "karoo", "--they-will-call")
    event = job.event("Move on from Karoo?")
    assert "\n- 4 December, by which they wanted to decide, has passed\n" in event
    assert "\n- the call that they promised has not come\n" in event


def a_rejection_ends_the_follow_ups(job: JobSearch) -> None:
    job.log("2026-12-02 10:00", "heard", "karoo", "rejected")
    open_steps = {
        step["step"]
        for step in job.life.plan("2026-12-02 10:30").values()
        if step["state"] not in {"withdrawn", "done"}
    }
    assert open_steps == {"reply"}


def the_experience_is_learned_from(job: JobSearch) -> None:
    assert "Two questions to learn from:" in job.event("Move on from Karoo?")
    job.log(AFTER, "debrief", "karoo", "--do-differently", "Name a figure")
    job.log("2026-12-15 10:00", "close", "karoo", "--lesson", "Ask for the salary band")
    said = job.life("2026-12-15 10:00", "add", *LATER).stderr
    assert "Your lesson from last time: Ask for the salary band" in said
    assert "You wanted to do differently: Name a figure" in said


def there_is_more_to_read(job: JobSearch) -> None:
    event = job.event("Move on from Karoo?")
    assert "\n- The 2-Hour Job Search (Steve Dalton)\nhttps://2hourjobsearch.com/\n" in event
    assert "\n- Successful Interviewing (Coursera)\nhttps://www.coursera.org/" in event


LATER = ("Acme", "Cook", "--at", "2026-12-28 14:00", "--country", "ZA")


@attrs.frozen
class Advice:
    """A piece of advice, the module that acts on it, and a check that it does."""

    section: str
    text: str
    module: str
    check: Callable[[JobSearch], None]


TABLE = (
    Advice(
        "during the interview",
        "Ask about next steps before it ends.",
        "messages/event_description.py",
        asks_for_next_steps,
    ),
    Advice(
        "during the interview",
        "Say that you appreciate it and will follow up.",
        "messages/event_description.py",
        says_that_a_follow_up_will_come,
    ),
    Advice(
        "during the interview",
        "Thank them within 24 hours.",
        "domain/planning/windows.py",
        thanks_within_a_day,
    ),
    Advice(
        "during the interview",
        "Make the thanks personal, and show interest.",
        "messages/en/email/thank-you.txt",
        thanks_in_person,
    ),
    Advice(
        "right after",
        "Note points and names, to refer to them later.",
        "cli/commands/debrief.py",
        notes_are_taken_at_once,
    ),
    Advice(
        "right after",
        "Plan how and when to follow up by what they said.",
        "domain/planning/planner.py",
        the_follow_up_is_planned,
    ),
    Advice(
        "right after",
        "Name a topic of the conversation in the thanks.",
        "messages/facts.py",
        a_topic_of_the_conversation_is_named,
    ),
    Advice(
        "right after",
        "57 percent send no thanks: it makes you stand out.",
        "messages/advice.py",
        the_survey_is_a_reason_to_thank,
    ),
    Advice(
        "timing",
        "First follow-up 5 to 7 days after the interview.",
        "domain/policy.py",
        the_first_follow_up_is_on_day_5_to_7,
    ),
    Advice(
        "timing",
        "Second follow-up 10 to 14 days after it.",
        "domain/policy.py",
        the_second_follow_up_is_on_day_10_to_14,
    ),
    Advice(
        "timing",
        "Later ones every 7 to 10 days.",
        "domain/policy.py",
        later_follow_ups_are_7_to_10_days_apart,
    ),
    Advice(
        "the message",
        "A clear subject with the role.",
        "messages/en/email/first-follow-up.txt",
        the_subject_names_the_role,
    ),
    Advice(
        "the message",
        "Greet by name, and thank them again.",
        "messages/template_variables.py",
        the_opening_has_the_name_and_thanks,
    ),
    Advice(
        "the message",
        "Interest, a moment of the conversation, what you bring.",
        "messages/compose.py",
        the_body_has_interest_conversation_and_experience,
    ),
    Advice(
        "the message",
        "Close with a question about the status, and offer time.",
        "messages/en/email/first-follow-up.txt",
        the_close_asks_for_the_status_and_offers_time,
    ),
    Advice(
        "other channels",
        "Call where they suggested it.",
        "messages/event_description.py",
        a_call_where_they_like_calls,
    ),
    Advice(
        "other channels",
        "LinkedIn for a short, less formal message.",
        "messages/draft_model.py",
        linkedin_where_they_write_there,
    ),
    Advice(
        "no answer",
        "Wait another week before the second.",
        "domain/planning/windows.py",
        the_second_waits_another_week,
    ),
    Advice(
        "no answer",
        "Keep the second brief and polite.",
        "messages/en/email/second-follow-up.txt",
        the_second_is_short_and_polite,
    ),
    Advice(
        "no answer", "After two, pause.", "domain/planning/planner.py", after_two_there_is_no_third
    ),
    Advice(
        "answers",
        "Positive: thanks, interest, availability.",
        "messages/en/email/reply-positive.txt",
        a_positive_answer_gets_thanks_interest_and_time,
    ),
    Advice(
        "answers",
        "Neutral: acknowledge it, stay interested, respect the process.",
        "messages/en/email/reply-neutral.txt",
        a_neutral_answer_gets_interest_and_respect,
    ),
    Advice(
        "answers",
        "Rejected: thanks, feedback, keep in touch.",
        "messages/en/email/reply-rejected.txt",
        a_rejection_gets_thanks_one_question_and_goodwill,
    ),
    Advice(
        "answers",
        "No answer: it is fine to ask for feedback.",
        "messages/en/email/feedback-request.txt",
        silence_may_be_asked_for_feedback,
    ),
    Advice(
        "psychology",
        "Employers have other candidates and processes.",
        "messages/advice.py",
        the_employers_view_is_explained,
    ),
    Advice(
        "psychology",
        "Show interest without overdoing it.",
        "messages/text_check.py",
        interest_without_pressure,
    ),
    Advice(
        "psychology",
        "Use the waiting: reflect, network, learn, apply.",
        "messages/advice.py",
        waiting_has_a_use,
    ),
    Advice(
        "psychology",
        "Stay positive: always something else to do.",
        "messages/advice.py",
        no_tip_comes_twice_running,
    ),
    Advice(
        "moving on",
        "Several unanswered messages are a sign.",
        "messages/advice.py",
        silence_after_two_is_a_sign,
    ),
    Advice(
        "moving on",
        "A promise that was not kept is one, too.",
        "messages/advice.py",
        a_date_or_call_that_passed_is_a_sign,
    ),
    Advice(
        "moving on",
        "A rejection is a clear one.",
        "domain/planning/withdrawal.py",
        a_rejection_ends_the_follow_ups,
    ),
    Advice(
        "moving on",
        "Reflect, and adjust what you do.",
        "cli/commands/add.py",
        the_experience_is_learned_from,
    ),
    Advice(
        "resources",
        "Books and courses on interviews.",
        "settings/loader.py",
        there_is_more_to_read,
    ),
)


@pytest.fixture
def job(run: Run, tmp_path: Path) -> JobSearch:
    """Return somebody who told of the interview four days before it."""
    return JobSearch(Life(run, tmp_path / "data", tmp_path / "job-search.ics"))


@pytest.mark.parametrize("advice", TABLE, ids=lambda advice: advice.text)
def test_the_program_acts_on(advice: Advice, job: JobSearch) -> None:
    assert (PACKAGE / advice.module).is_file()
    advice.check(job)


def test_each_piece_of_advice_has_a_check_of_its_own() -> None:
    assert len({advice.check for advice in TABLE}) == len(TABLE)
    assert len({advice.text for advice in TABLE}) == len(TABLE)
