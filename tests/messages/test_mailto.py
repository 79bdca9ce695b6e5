"""Mail links open with what the draft says, and with nothing that somebody slipped in."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import Channel, Person
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import get_language
from afterword.messages.links import LONGEST, is_address, mailto_address, mailto_link

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
def test_what_is_no_single_address_gets_no_link(address: str | None, full: bool) -> None:
    assert mailto_address(_draft(address), full=full, language=ENGLISH) is None


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
def test_an_odd_address_stays_one_address(address: str, encoded: str) -> None:
    url = mailto_address(_draft(address), full=False, language=ENGLISH)
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
    url = mailto_address(_draft("a@b.example", subject), full=False, language=ENGLISH)
    assert url == f"mailto:a@b.example?subject={encoded}"


def test_line_ends_of_the_body_are_those_of_mail() -> None:
    url = mailto_address(
        _draft("a@b.example", body="Dear you,\n\nHello."), full=True, language=ENGLISH
    )
    assert url == "mailto:a@b.example?subject=Hi&body=Dear%20you%2C%0D%0A%0D%0AHello."


def test_several_recipients_stand_side_by_side() -> None:
    assert (
        mailto_link(["a@b.example", "c@d.example"], "Hi")
        == "mailto:a@b.example,c@d.example?subject=Hi"
    )


def test_a_list_with_something_else_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="not an address"):
        mailto_link(["a@b.example", "c@d.example,e@f.example"], "Hi")


def test_a_long_body_is_cut_at_a_sentence_with_a_note() -> None:
    body = "Dear you,\n\n" + "This is a sentence of some length. " * 100
    url = mailto_address(_draft("a@b.example", "A subject", body), full=True, language=ENGLISH)
    assert url is not None
    to, fields = _fields(url)
    assert len(url) <= LONGEST
    assert (to, fields["subject"]) == ("a@b.example", "A subject")
    kept, _, note = fields["body"].rpartition("\r\n\r\n")
    assert kept.endswith("length.")
    assert note == "(The rest of this draft is in your calendar.)"
    # One sentence more would have been too many.
    assert len(url) + len("%20This%20is%20a%20sentence%20of%20some%20length.") > LONGEST


def test_a_body_without_an_end_of_a_sentence_is_left_out() -> None:
    url = mailto_address(_draft("a@b.example", "S", "語" * 400), full=True, language=ENGLISH)
    assert url == "mailto:a@b.example?subject=S"


def test_a_subject_without_end_is_left_out() -> None:
    url = mailto_address(_draft("a@b.example", "S" * 3000), full=True, language=ENGLISH)
    assert url == "mailto:a@b.example"


@given(
    st.text(max_size=60),
    st.text(max_size=700) | st.text("aä. \n?語", max_size=3000),
)
def test_a_link_says_what_the_draft_says(subject: str, body: str) -> None:
    subject, body = (s.encode("utf-8", "replace").decode() for s in (subject, body))
    url = mailto_address(_draft("thandi@karoo.example", subject, body), full=True, language=ENGLISH)
    assert url is not None
    assert len(url) <= LONGEST
    assert url.isascii()
    assert url.isprintable()
    to, fields = _fields(url)
    assert to == "thandi@karoo.example"
    assert fields["subject"] == " ".join(subject.split())
    shown = fields.get("body", "").replace("\r\n", "\n")
    note = "\n\n(The rest of this draft is in your calendar.)"
    assert (
        shown == body
        or (shown.endswith(note) and body.startswith(shown.removesuffix(note)))
        or not shown
    )


@given(st.text(max_size=40))
def test_whatever_is_taken_for_an_address_is_one(text: str) -> None:
    if is_address(text):
        assert text.count("@") == 1
        assert not set(text) & set(" \r\n\t,;<>")
