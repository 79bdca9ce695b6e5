"""Every language says everything that English says, and says dates in its own way."""

from __future__ import annotations

import datetime as dt
import string
from typing import TYPE_CHECKING

import attrs
import pytest

from afterword.domain.model import StepKind
from afterword.domain.planning.plan import TranslatableText
from afterword.messages import template_store
from afterword.messages.compose import compose_drafts, compose_situation
from afterword.messages.event_title import TitleKeyword, keyword_in
from afterword.messages.i18n import available_languages, get_language
from afterword.messages.message_context import Situation
from tests.messages.applications import application, desk, plan, step

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

pytest.importorskip("babel", reason="Babel keeps the catalogues; it is a tool of developers")

from tests.messages import catalogue

OTHERS = catalogue.translated()
FRIDAY = dt.date(2026, 12, 4)
AFTERNOON = dt.datetime(2026, 11, 25, 15, 5, tzinfo=dt.UTC)


def _messages(code: str) -> Catalog:
    return catalogue.read(code)


def test_there_is_another_language_than_english() -> None:
    assert OTHERS


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_is_missing_and_none_is_left_over(code: str) -> None:
    listed = {(m.context, str(m.id)) for m in _messages(code) if m.id}
    own_form = {key for key in listed if key[0] == catalogue.INFORMAL}
    assert listed - own_form == catalogue.in_sources()
    assert {text for _, text in own_form} <= {text for _, text in catalogue.in_sources()}


@pytest.mark.parametrize("code", OTHERS)
def test_each_text_is_translated_with_its_facts(code: str) -> None:
    for message in _messages(code):
        if message.id:
            assert message.string, message.id
            assert not message.fuzzy, message.id
            assert _facts(str(message.string)) == _facts(str(message.id))


def _facts(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_read_at_run_time_is_what_people_edit(code: str) -> None:
    spoken = get_language(code)
    for message in _messages(code):
        if message.id:
            text = str(message.id)
            told = (
                spoken.catalogue.pgettext(message.context, text)
                if message.context
                else spoken.catalogue.gettext(text)
            )
            assert told == message.string, "run: python -m tests.messages.catalogue"


@pytest.mark.parametrize("code", available_languages())
def test_every_folder_has_every_text(code: str) -> None:
    english = template_store.shipped_names("en")
    assert template_store.shipped_names(code) == english
    assert template_store.shipped_names(f"{code}{template_store.INFORMAL}") in ({}, english)


@pytest.mark.parametrize("code", available_languages())
def test_the_words_that_log_are_five_and_all_different(code: str) -> None:
    spoken = get_language(code)
    words = [keyword_in(spoken, word) for word in TitleKeyword]
    assert len({word.casefold() for word in words}) == len(TitleKeyword)
    assert all(word.isalpha() for word in words)


@pytest.mark.parametrize(
    ("tag", "country", "day", "short", "clock", "days"),
    [
        ("en", None, "4 December", "Fri 4 Dec", "15:05", "29 Nov - 1 Dec"),
        ("en", "ZA", "4 December", "Fri 4 Dec", "15:05", "29 Nov - 1 Dec"),
        ("en", "US-CA", "December 4", "Fri, Dec 4", "3:05 PM", "Nov 29 - Dec 1"),
        ("en-GB", "US", "4 December", "Fri 4 Dec", "15:05", "29 Nov - 1 Dec"),
        ("en_US", None, "December 4", "Fri, Dec 4", "3:05 PM", "Nov 29 - Dec 1"),
        ("de", None, "4. Dezember", "Fr 4. Dez.", "15:05", "29. Nov. - 1. Dez."),
        ("de-AT", "US", "4. Dezember", "Fr 4. Dez.", "15:05", "29. Nov. - 1. Dez."),
        ("xx", None, "4 December", "Fri 4 Dec", "15:05", "29 Nov - 1 Dec"),
    ],
)
def test_dates_are_told_in_the_idiom_of_the_reader(
    tag: str, country: str | None, day: str, short: str, clock: str, days: str
) -> None:
    spoken = get_language(tag, country=country)
    assert spoken.day(FRIDAY) == day
    assert spoken.weekday_and_day(FRIDAY) == short
    assert spoken.clock(AFTERNOON) == clock
    assert spoken.days(dt.date(2026, 11, 29), dt.date(2026, 12, 1)) == days
    assert spoken.days(FRIDAY, FRIDAY) == spoken.short_day(FRIDAY)


def test_a_phrase_of_the_plan_is_told_with_its_dates() -> None:
    phrase = TranslatableText(
        text="they named {date}; two working days later", facts={"date": FRIDAY}
    )
    assert get_language("en").say(phrase) == "they named 4 December; two working days later"
    assert get_language("de").say(phrase) == "sie nannten den 4. Dezember; zwei Arbeitstage später"


def test_another_year_is_said() -> None:
    spoken = get_language("en")
    assert spoken.day(FRIDAY, seen_from=dt.date(2027, 3, 1)) == "4 December 2026"
    assert get_language("en-US").day(FRIDAY, seen_from=dt.date(2027, 3, 1)) == "December 4, 2026"


@pytest.mark.parametrize(
    ("country", "spelt", "dated"),
    [("GB", "apologise", "24 November"), ("US", "apologize", "November 24")],
)
def test_an_employer_reads_the_spelling_of_their_country(
    country: str, spelt: str, dated: str
) -> None:
    spoken = get_language("en", country=country)
    at = attrs.evolve(desk(), language=spoken)
    made = plan(application())
    (failure,) = compose_situation(made, Situation.TECHNICAL_FAILURE, at, on=FRIDAY)
    (first,) = compose_drafts(made, step(made, StepKind.FIRST), at)
    assert f"I {spelt} for" in failure.body
    assert f"the conversation on {dated} about" in first.body


def test_a_fact_keeps_its_spelling() -> None:
    at = attrs.evolve(desk(), language=get_language("en-US"))
    of = attrs.evolve(application(), company="The Colour Programme")
    (failure,) = compose_situation(plan(of), Situation.COMPETING_OFFER, at, on=FRIDAY)
    assert "The Colour Programme" in failure.body
