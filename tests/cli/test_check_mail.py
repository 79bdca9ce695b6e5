"""`check` of a mail as a mail program saves it: its text is judged, and nothing else of it."""

from __future__ import annotations

from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from tests.cli.life import Life

NOW = "2026-12-01 10:00"
GOOD = "Dear Thandi,\n\nthank you for your time on Tuesday.\n\nSam"
BAD = "Dear Thandi,\n\nthank you.\nI still haven't heard from you.\n\nSam"
ALARMING = "I beg you!!!"
HTML = (
    "<html><head><style>p {{ content: 'I BEG YOU!!!' }}</style></head><body><p>Dear Thandi,</p>"
    "<p>thank you.<br>I still haven&#8217;t heard from you.</p>{}</body></html>"
)


def _mail(
    text: str = "", *, html: str = "", encoding: str | None = None, attached: str = ""
) -> bytes:
    mail = EmailMessage()
    # Neither the subject nor the receiver is part of what is judged.
    mail["Subject"] = ALARMING
    mail["From"] = "Sam Seeker <sam@seeker.example>"
    mail["To"] = "Thandi Nkosi <thandi@karoo.example>"
    if text:
        mail.set_content(text, cte=encoding)
    if html and text:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html", cte=encoding)
    if attached:
        mail.add_attachment(attached, filename="letter.txt")
    return mail.as_bytes()


def _with_forwarded() -> bytes:
    mail = MIMEMultipart()
    mail["From"] = "sam@seeker.example"
    mail.attach(MIMEText(GOOD))
    inner = EmailMessage()
    inner.set_content(ALARMING)
    mail.attach(MIMEMessage(inner))
    return mail.as_bytes()


QUOTED = f"{BAD}\n\nOn Tue, 24 Nov 2026 at 10:00, Thandi wrote:\n> {ALARMING}\n"
OUTLOOK = f"{BAD}\n\nFrom: Thandi Nkosi\nSent: Tuesday\nTo: Sam\n\n{ALARMING}\n"


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        pytest.param(_mail(GOOD), [], id="headers are not judged"),
        pytest.param(_mail(BAD), ["blame"], id="text"),
        pytest.param(_mail(BAD, encoding="base64"), ["blame"], id="base64"),
        pytest.param(_mail(BAD, encoding="quoted-printable"), ["blame"], id="quoted-printable"),
        pytest.param(_mail(BAD).replace(b"\n", b"\r\n"), ["blame"], id="line ends of mails"),
        pytest.param(_mail(html=HTML.format("")), ["blame"], id="HTML alone"),
        pytest.param(_mail(html=HTML.format(""), encoding="base64"), ["blame"], id="coded HTML"),
        pytest.param(_mail(GOOD, html=f"<p>{ALARMING}</p>"), [], id="text before HTML"),
        pytest.param(_mail(" \n", html=HTML.format("")), ["blame"], id="an empty text"),
        pytest.param(_mail(GOOD, attached=ALARMING), [], id="an attachment"),
        pytest.param(_with_forwarded(), [], id="a forwarded mail"),
        pytest.param(_mail(QUOTED), ["blame"], id="the mail answered"),
        pytest.param(_mail(OUTLOOK), ["blame"], id="the mail answered in Outlook"),
        pytest.param(
            _mail(html=HTML.format(f"<blockquote><p>{ALARMING}</p></blockquote>")),
            ["blame"],
            id="the mail answered in HTML",
        ),
        pytest.param(
            _mail(html=HTML.format(f'<div id="divRplyFwdMsg">Thandi</div><p>{ALARMING}</p>')),
            ["blame"],
            id="the mail answered in the HTML of Outlook",
        ),
        pytest.param(
            _mail(html=f"<head><style>{'p {} ' * 9000}</style></head>{HTML.format('')}"),
            ["blame"],
            id="long styles",
        ),
    ],
)
def test_the_text_of_a_mail_is_judged(
    life: Life, tmp_path: Path, data: bytes, kinds: list[str]
) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(data)

    (text,) = life(NOW, "check", path, "--json", code=3 if kinds else 0).json["texts"]

    assert [finding["kind"] for finding in text["findings"]] == kinds


def test_a_mail_without_an_ending_is_a_mail(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_bytes(_mail(BAD))

    result = life(NOW, "check", path, code=3)

    assert f'{path}, line 4: "still haven\'t heard"' in result.text
    assert "Found 1 problem in 1 text." in result.stderr


@pytest.mark.parametrize(
    "text", [f"Subject: Hello\n\n{BAD}", f"To: Thandi\n\n{BAD}"], ids=["subject", "receiver"]
)
def test_a_pasted_text_may_begin_with_a_header(life: Life, tmp_path: Path, text: str) -> None:
    path = tmp_path / "mail.txt"
    path.write_text(text)

    assert f"{path}, line 6:" in life(NOW, "check", path, code=3).text


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        pytest.param("a.eml", _mail(html="<p> </p>"), "has no text in it", id="no text"),
        pytest.param("a.eml", b"From a\nX: 1\n\nA\n\nFrom b\nX: 2\n\nB\n", "2 mails", id="mailbox"),
        pytest.param("a.docx", b"PK\x03\x04zip", "save it as .txt", id="Word"),
        pytest.param("missing.eml", None, "missing.eml", id="no such file"),
    ],
)
def test_a_mail_that_cannot_be_read(
    life: Life, tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)

    assert message in life(NOW, "check", tmp_path / name, code=65).stderr
