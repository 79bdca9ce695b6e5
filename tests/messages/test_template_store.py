"""Tests of users' templates: they replace the shipped ones and cannot run code."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from afterword.domain.model import Channel, StepKind
from afterword.errors import DraftError, UsageError
from afterword.messages import template_store
from afterword.messages.compose import compose_drafts
from afterword.messages.i18n import get_language
from afterword.messages.template_store import TemplateKey
from afterword.messages.template_variables import describe_variables
from tests.messages.sample_applications import (
    SAM,
    draft_settings,
    make_application,
    make_interview,
    plan_of,
    step_of,
)

ENGLISH = get_language("en")
THANKS = "en/email/thank-you.txt"
PLAIN = "Subject: Thanks\n\n{{ greeting }}\n\nIt was good to meet you.\n\n{{ signature }}\n"


def _thanks(folder: Path, source: str) -> Path:
    path = folder / THANKS
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    return path


def _mistakes(folder: Path) -> tuple[str, ...]:
    with pytest.raises(DraftError) as caught:
        template_store.read_user_templates(folder)
    return caught.value.notes


def test_an_own_text_wins_for_everybody_in_the_room(tmp_path: Path) -> None:
    _thanks(tmp_path, PLAIN)
    settings = attrs.evolve(
        draft_settings(), user_templates=template_store.read_user_templates(tmp_path)
    )
    plan = plan_of(make_application(make_interview()))
    (draft,) = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), settings)
    assert draft.subject == "Thanks"
    assert draft.body.startswith("Dear Thandi Nkosi,\n\nIt was good to meet you.\n\nBest regards,")


def test_no_folder_is_no_own_text(tmp_path: Path) -> None:
    assert template_store.read_user_templates(tmp_path / "nowhere") == {}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_editor_may_leave_its_mark(tmp_path: Path, line_end: str) -> None:
    path = tmp_path / THANKS
    path.parent.mkdir(parents=True)
    path.write_bytes("\ufeff".encode() + PLAIN.replace("\n", line_end).encode())
    assert [text.source for text in template_store.read_user_templates(tmp_path).values()] == [
        PLAIN
    ]


@pytest.mark.parametrize(
    ("source", "label"),
    [
        pytest.param("{{ ''.__class__.__mro__ }}", "a dot after a name", id="class"),
        pytest.param("{{ company|attr('__init__') }}", "unknown filter 'attr'", id="attr"),
        pytest.param("{{ '{0.__class__}'.format(company) }}", "a call", id="format"),
        pytest.param("{{ company.upper() }}", "a call", id="method"),
        pytest.param("{{ company['x'] }}", "an index", id="index"),
        pytest.param(
            "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
            "a loop",
            id="loops",
        ),
        pytest.param("{{ 'a' * 10**9 }}", "a calculation", id="a long text"),
        pytest.param("{{ 9**9**9 }}", "a calculation", id="a great number"),
        pytest.param("{{ 'a'|center(2000000000) }}", "unknown filter 'center'", id="center"),
        pytest.param("{{ 'a'|upper(1) }}", "unknown filter 'upper'", id="filter with arguments"),
        pytest.param("{% include '/etc/passwd' %}", "another file", id="include"),
        pytest.param("{% import 'x' as y %}", "another file", id="import"),
        pytest.param("{% extends 'x' %}", "another file", id="extends"),
        pytest.param("{% set company = 'Acme' %}", "setting a name", id="set"),
        pytest.param("{% macro x() %}{% endmacro %}", "Macro", id="macro"),
        pytest.param("{{ cycler }}", "unknown name 'cycler'", id="a global of jinja"),
        pytest.param("{{ config.password }}", "a dot after a name", id="something of ours"),
        pytest.param("{{ nmae }}", "unknown name 'nmae'", id="unknown"),
        pytest.param("{{ compny }}", "did you mean 'company'?", id="misspelt"),
        pytest.param("{% if late %}", "endif", id="not closed"),
        pytest.param("{{ company", "unexpected end of template", id="open braces"),
        pytest.param("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "too deeply", id="brackets"),
        pytest.param("{% if late %}" * 300 + "{% endif %}" * 300, "too deeply", id="conditions"),
        pytest.param("{{ " + "9" * 9000 + " }}", "number too long", id="digits"),
    ],
)
def test_disallowed_template_syntax_is_reported(tmp_path: Path, source: str, label: str) -> None:
    path = _thanks(tmp_path, f"Subject: Thanks\n\nDear you,\n{source}\n")
    (mistake,) = _mistakes(tmp_path)
    assert mistake.startswith(f"{path}, line ")
    assert label.casefold() in mistake.casefold()


def test_a_mistake_names_its_line(tmp_path: Path) -> None:
    path = _thanks(tmp_path, "Subject: Thanks\n\n{{ greeting }}\n\n{{ compny }}\n{{ rol }}\n")
    assert _mistakes(tmp_path) == (
        f"{path}, line 5: unknown name 'compny'; did you mean 'company'?",
        f"{path}, line 6: unknown name 'rol'; did you mean 'role'?",
    )


def test_backups_of_an_editor_are_passed_over(tmp_path: Path) -> None:
    path = _thanks(tmp_path, PLAIN)
    for name in ("thank-you.txt~", ".thank-you.txt.swp", "thank-you.txt.bak"):
        path.with_name(name).write_text("anything")
    assert list(template_store.read_user_templates(tmp_path)) == [
        TemplateKey("en", Channel.EMAIL, "thank-you")
    ]


def test_all_mistakes_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    for name, data in {
        "en/email/first-follow-up.txt": b"Follow-up\n\nHello\n",
        "en/email/reply-neutral.txt": b"Subject: x\n\n\xff\n",
        "en/email/second-followup.txt": b"Subject: x\n",
        "en/email/thank-you.txt": b"Subject: x\n" + b"y" * template_store.MAX_TEMPLATE_BYTES,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    lines = [m.removeprefix(str(tmp_path)) for m in _mistakes(tmp_path)]
    assert [line.replace("\\", "/") for line in lines] == [
        '/en/email/first-follow-up.txt, line 1: the first line must begin with "Subject:"',
        "/en/email/reply-neutral.txt, line 3: not UTF-8; save it as UTF-8",
        (
            "/en/email/second-followup.txt: no draft has this name, so it would never be used; "
            "did you mean en/email/second-follow-up.txt?"
        ),
        "/en/email/thank-you.txt: longer than 20000 bytes, which no message is",
    ]


@pytest.mark.parametrize("fact", ["{{ 7*7 }}", "${company}", "%(role)s", "{% raw %}", "{0}"])
def test_a_value_is_never_read_as_a_template(fact: str) -> None:
    application = attrs.evolve(make_application(make_interview()), company=fact)
    plan = plan_of(application)
    draft = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), draft_settings(SAM))[0]
    assert f"about {fact} so openly" in draft.body


def test_every_shipped_text_reads_and_has_a_path(tmp_path: Path) -> None:
    for title in template_store.shipped_keys():
        path = template_store.template_path(tmp_path, title)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template_store.template_source(title, {}), encoding="utf-8")
    assert set(template_store.read_user_templates(tmp_path)) == set(template_store.shipped_keys())


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("thank-you", TemplateKey("en", Channel.EMAIL, "thank-you")),
        ("phone/first-follow-up", TemplateKey("en", Channel.PHONE, "first-follow-up")),
        ("en/linkedin/thank-you.2.txt", TemplateKey("en", Channel.LINKEDIN, "thank-you.2")),
    ],
)
def test_parse_template_name(typed: str, title: TemplateKey) -> None:
    assert template_store.parse_template_name(typed, ENGLISH) == title


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean en/email/thank-you"):
        template_store.parse_template_name("thankyou", ENGLISH)


def test_every_name_that_a_text_can_use_is_described() -> None:
    assert all(meaning and meaning[0] != " " for meaning in describe_variables().values())
    assert {"company", "greeting", "signature", "discussed", "fit"} < set(describe_variables())
