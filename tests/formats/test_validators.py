"""An address that is accepted without email_validator is one that it accepts."""

from __future__ import annotations

import email_validator
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.formats import validators

LABELS = st.text("ab0-", min_size=1, max_size=4) | st.sampled_from(["karoo", "xn--bcher-kva", "A"])
LOCALS = st.text("at0._-+", min_size=1, max_size=6) | st.just("a" * 60)
TOPS = st.sampled_from(
    ["example", "c", "com1", "museum", *email_validator.SPECIAL_USE_DOMAIN_NAMES]
)
ADDRESSES = st.builds(
    "{}@{}.{}".format, LOCALS, st.lists(LABELS, min_size=1, max_size=3).map(".".join), TOPS
)


def of_the_library(address: str) -> str | None:
    try:
        return email_validator.validate_email(address, check_deliverability=False).normalized
    except email_validator.EmailNotValidError:
        return None


def read(address: str) -> str | None:
    try:
        return validators.validate_address(address)
    except validators.InvalidValueError:
        return None


@given(ADDRESSES)
def test_an_address_is_read_as_the_library_reads_it(address: str) -> None:
    assert read(address) == of_the_library(address)


@pytest.mark.parametrize("domain", email_validator.SPECIAL_USE_DOMAIN_NAMES)
def test_a_domain_that_is_for_nobodys_mail_is_refused(domain: str) -> None:
    with pytest.raises(validators.InvalidValueError, match="no e-mail address"):
        validators.validate_address(f"thandi@karoo.{domain}")
