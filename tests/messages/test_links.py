"""Links for calls and profiles, from what people write down."""

from __future__ import annotations

import pytest

from afterword.messages.links import profile_link, tel_link


@pytest.mark.parametrize(
    ("number", "found"),
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
def test_a_number_is_one_to_call(number: str, found: str | None) -> None:
    assert tel_link(number) == found


@pytest.mark.parametrize(
    ("address", "found"),
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
def test_a_profile_is_a_page_of_the_web(address: str, found: bool) -> None:
    assert profile_link(address) == (address if found else None)
