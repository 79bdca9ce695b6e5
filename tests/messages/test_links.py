"""Tests of links: mailto: (no injected headers or recipients), tel: and profile pages."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import Channel, Person
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import get_language
from afterword.messages.links import (
    MAX_MAILTO_LENGTH,
    is_address,
    message_link,
    profile_link,
    tel_link,
)

ENGLISH = get_language("en")


def _draft(address: str | None, subject: str = "Hi", body: str = "Dear you,\n\nHello.") -> Draft:
    person = Person(name="Thandi Nkosi", email=address)
    return Draft(name="thank-you", channel=Channel.EMAIL, to=person, subject=subject, body=body)


def _fields(url: str) -> tuple[str, dict[str, str]]:
    """Read a link as RFC 6068 says: split first, decode then."""
    scheme, _, rest = url.partition(":")
    assert scheme == "mailto"
    to, _, query = rest.partition("?")
    fields = [field.partition("=")[::2] for field in query.split("&") if field]
    assert len(dict(fields)) == len(fields)
    return unquote(to), {name: unquote(value) for name, value in fields}


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("a@b.example,evil@x.example", id="a second recipient"),
        pytest.param("a@b.example?cc=evil@x.example", id="a field after the address"),
        pytest.param("a@b.example\r\nBcc: evil@x.example", id="a line end"),
        pytest.param("a@b.example%0d%0aBcc:x", id="an encoded line end"),
        pytest.param("a b@c.example", id="a blank"),
        pytest.param("Thandi <a@b.example>", id="a display name"),
        pytest.param("thandi", id="no address at all"),
        pytest.param("", id="empty"),
        pytest.param(None, id="none"),
    ],
)
@pytest.mark.parametrize("full", [True, False])
def test_anything_but_a_single_address_gets_no_link(address: str | None, full: bool) -> None:
    assert message_link(_draft(address), full=full, language=ENGLISH) is None


@pytest.mark.parametrize(
    ("address", "encoded"),
    [
        pytest.param("a&bcc=x@b.example", "a%26bcc%3Dx@b.example", id="ampersand"),
        pytest.param("a?cc=x@b.example", "a%3Fcc%3Dx@b.example", id="question mark"),
        pytest.param("a%20b@c.example", "a%2520b@c.example", id="percent sign"),
        pytest.param("sam+jobs@b.example", "sam%2Bjobs@b.example", id="plus sign"),
        pytest.param("jörg@bücher.example", "j%C3%B6rg@b%C3%BCcher.example", id="umlauts"),
    ],
)
def test_an_unusual_address_stays_a_single_address(address: str, encoded: str) -> None:
    url = message_link(_draft(address), full=False, language=ENGLISH)
    assert url == f"mailto:{encoded}?subject=Hi"


@pytest.mark.parametrize(
    ("subject", "encoded"),
    [
        pytest.param("100% ?&body=x+y", "100%25%20%3F%26body%3Dx%2By", id="marks of a link"),
        pytest.param("Hi\r\nBcc: evil@x", "Hi%20Bcc%3A%20evil%40x", id="a header is one line"),
        pytest.param("Größe – 🎙", "Gr%C3%B6%C3%9Fe%20%E2%80%93%20%F0%9F%8E%99", id="UTF-8"),
        pytest.param("a b#c", "a%20b%23c", id="a blank is no plus"),
    ],
)
def test_a_subject_is_encoded(subject: str, encoded: str) -> None:
    url = message_link(_draft("a@b.example", subject), full=False, language=ENGLISH)
    assert url == f"mailto:a@b.example?subject={encoded}"


def test_line_ends_of_the_body_are_those_of_mail() -> None:
    url = message_link(
        _draft("a@b.example", body="Dear you,\n\nHello."), full=True, language=ENGLISH
    )
    assert url == "mailto:a@b.example?subject=Hi&body=Dear%20you%2C%0D%0A%0D%0AHello."


def test_a_long_body_is_cut_at_a_sentence_with_a_note() -> None:
    body = "Dear you,\n\n" + "This is a sentence of some length. " * 100
    url = message_link(_draft("a@b.example", "A subject", body), full=True, language=ENGLISH)
    assert url is not None
    to, fields = _fields(url)
    assert len(url) <= MAX_MAILTO_LENGTH
    assert (to, fields["subject"]) == ("a@b.example", "A subject")
    sentences, _, note = fields["body"].rpartition("\r\n\r\n")
    assert sentences.endswith("length.")
    assert note == "(The rest of this draft is in your calendar.)"
    # One sentence more would have been too many.
    assert len(url) + len("%20This%20is%20a%20sentence%20of%20some%20length.") > MAX_MAILTO_LENGTH


def test_a_body_without_an_end_of_a_sentence_is_left_out() -> None:
    url = message_link(_draft("a@b.example", "S", "語" * 400), full=True, language=ENGLISH)
    assert url == "mailto:a@b.example?subject=S"


def test_a_subject_without_end_is_left_out() -> None:
    url = message_link(_draft("a@b.example", "S" * 3000), full=True, language=ENGLISH)
    assert url == "mailto:a@b.example"


@given(
    st.text(max_size=60),
    st.text(max_size=700) | st.text("aä. \n?語", max_size=3000),
)
def test_a_link_has_the_content_of_the_draft(subject: str, body: str) -> None:
    subject, body = (s.encode("utf-8", "replace").decode() for s in (subject, body))
    url = message_link(_draft("thandi@karoo.example", subject, body), full=True, language=ENGLISH)
    assert url is not None
    assert len(url) <= MAX_MAILTO_LENGTH
    assert url.isascii()
    assert url.isprintable()
    to, fields = _fields(url)
    assert to == "thandi@karoo.example"
    assert fields["subject"] == " ".join(subject.split())
    body_in_link = fields.get("body", "").replace("\r\n", "\n")
    note = "\n\n(The rest of this draft is in your calendar.)"
    assert (
        body_in_link == body
        or (body_in_link.endswith(note) and body.startswith(body_in_link.removesuffix(note)))
        or not body_in_link
    )


@given(st.text(max_size=40))
def test_accepted_addresses_have_no_separators(text: str) -> None:
    if is_address(text):
        assert text.count("@") == 1
        assert not set(text) & set(" \r\n\t,;<>")


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+27 21 555 0199", "tel:+27215550199"),
        ("+44 (0)20 7946 0000", "tel:+442079460000"),
        ("(0)30 123456", "tel:030123456"),
        ("021/555-0199", "tel:0215550199"),
        ("+1 (555) 010-9999", "tel:+15550109999"),
        ("ask at the desk", None),
        ("", None),
        ("+27;phone-context=evil", None),
    ],
)
def test_tel_link(number: str, link: str | None) -> None:
    assert tel_link(number) == link


@pytest.mark.parametrize(
    ("address", "valid"),
    [
        ("https://linkedin.example/in/thandi", True),
        ("http://linkedin.example/in/thandi", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https://linkedin.example/in/x\r\nBcc: y", False),
        ("https://linkedin.example/in/x y", False),
        ("https://[", False),
        ("linkedin.example/in/thandi", False),
        ("", False),
    ],
)
def test_a_profile_is_an_http_url(address: str, valid: bool) -> None:
    assert profile_link(address) == (address if valid else None)
