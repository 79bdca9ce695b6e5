"""Tests of the languages: complete catalogues and templates, date formats, spelling."""

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
from afterword.messages.event_title import TitleKeyword
from afterword.messages.i18n import DateFormatter, available_languages, get_language
from afterword.messages.message_context import Situation
from tests.messages.sample_applications import draft_settings, make_application, plan_of, step_of

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

pytest.importorskip("babel", reason="Babel keeps the catalogues; it is a tool of developers")

from tests.messages import catalogue

OTHERS = catalogue.translated_languages()
FRIDAY = dt.date(2026, 12, 4)
AFTERNOON = dt.datetime(2026, 11, 25, 15, 5, tzinfo=dt.UTC)


def _messages(code: str) -> Catalog:
    return catalogue.read_catalogue(code)


def test_there_is_another_language_than_english() -> None:
    assert OTHERS


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_is_missing_and_none_is_left_over(code: str) -> None:
    listed = {(m.context, str(m.id)) for m in _messages(code) if m.id}
    own_form = {key for key in listed if key[0] == catalogue.INFORMAL}
    assert listed - own_form == catalogue.source_texts()
    assert {text for _, text in own_form} <= {text for _, text in catalogue.source_texts()}


@pytest.mark.parametrize("code", OTHERS)
def test_each_text_is_translated_with_its_facts(code: str) -> None:
    for message in _messages(code):
        if message.id:
            assert message.string, message.id
            assert not message.fuzzy, message.id
            assert _facts(str(message.string)) == _facts(str(message.id))
            assert str(message.string).count("|") == str(message.id).count("|"), "list of names"


def _facts(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_matches_the_po_file(code: str) -> None:
    language = get_language(code)
    for message in _messages(code):
        if message.id:
            text = str(message.id)
            translation = (
                language.catalogue.pgettext(message.context, text)
                if message.context
                else language.catalogue.gettext(text)
            )
            assert translation == message.string, "run: python -m tests.messages.catalogue"


@pytest.mark.parametrize("code", available_languages())
def test_every_folder_has_a_text_for_every_situation(code: str) -> None:
    english = template_store.shipped_names("en")
    for folder in (code, f"{code}{template_store.INFORMAL_SUFFIX}"):
        for channel, names in template_store.shipped_names(folder).items():
            assert {name for name in english[channel] if "." not in name} <= set(names)


@pytest.mark.parametrize("code", available_languages())
def test_the_title_keywords_are_all_different(code: str) -> None:
    language = get_language(code)
    words = [language.translate(word) for word in TitleKeyword]
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
        ("es", None, "4 de diciembre", "vie 4 dic", "15:05", "29 nov - 1 dic"),
        ("es-MX", "US", "4 de diciembre", "vie 4 dic", "15:05", "29 nov - 1 dic"),
        ("xx", None, "4 December", "Fri 4 Dec", "15:05", "29 Nov - 1 Dec"),
    ],
)
def test_dates_have_the_format_of_the_reader(
    tag: str, country: str | None, day: str, short: str, clock: str, days: str
) -> None:
    language = get_language(tag, country=country)
    assert language.long_day(FRIDAY) == day
    assert language.weekday_and_day(FRIDAY) == short
    assert language.clock(AFTERNOON) == clock
    formatter = DateFormatter(language, 2026)
    assert formatter.days(dt.date(2026, 11, 29), dt.date(2026, 12, 1)) == days
    assert formatter.days(FRIDAY, FRIDAY) == language.short_day(FRIDAY)


def test_a_text_of_the_plan_is_rendered_with_its_dates() -> None:
    phrase = TranslatableText("they named {date}; two working days later", {"date": FRIDAY})
    assert get_language("en").render(phrase) == "they named 4 December; two working days later"
    assert (
        get_language("de").render(phrase) == "sie nannten den 4. Dezember; zwei Arbeitstage später"
    )


def test_another_year_is_written_out() -> None:
    march = dt.date(2027, 3, 1)
    assert get_language("en").long_day(FRIDAY, relative_to=march) == "4 December 2026"
    assert get_language("en-US").long_day(FRIDAY, relative_to=march) == "December 4, 2026"
    assert get_language("de").long_day(FRIDAY, relative_to=march) == "4. Dezember 2026"
    assert get_language("es").long_day(FRIDAY, relative_to=march) == "4 de diciembre de 2026"


@pytest.mark.parametrize(
    ("country", "spelt", "dated"),
    [("GB", "apologise", "24 November"), ("US", "apologize", "November 24")],
)
def test_an_employer_reads_the_spelling_of_their_country(
    country: str, spelt: str, dated: str
) -> None:
    language = get_language("en", country=country)
    settings = attrs.evolve(draft_settings(), language=language)
    plan = plan_of(attrs.evolve(make_application(), id="app-1"))
    (failure,) = compose_situation(plan, Situation.TECHNICAL_FAILURE, settings, send_date=FRIDAY)
    (first,) = compose_drafts(plan, step_of(plan, StepKind.FIRST), settings)
    assert f"I {spelt} " in failure.body
    assert f"onversation on {dated}" in first.body


def test_a_value_keeps_its_spelling() -> None:
    settings = attrs.evolve(draft_settings(), language=get_language("en-US"))
    application = attrs.evolve(make_application(), company="The Colour Programme")
    (failure,) = compose_situation(
        plan_of(application), Situation.COMPETING_OFFER, settings, send_date=FRIDAY
    )
    assert "The Colour Programme" in failure.body
