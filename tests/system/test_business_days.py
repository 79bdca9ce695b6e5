"""Working days of a country, and the errors for unknown countries."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from afterword.errors import InputError
from afterword.system.business_days import country_error, is_working_day


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        pytest.param(None, "2026-12-25", True, id="no-country-knows-no-holidays"),
        pytest.param(None, "2026-12-26", False, id="no-country-rests-on-saturday"),
        pytest.param(None, "2026-12-27", False, id="no-country-rests-on-sunday"),
        pytest.param("ZA", "2026-12-16", False, id="day-of-reconciliation"),
        pytest.param("za", "2026-12-16", False, id="lower-case"),
        pytest.param("US", "2026-01-19", False, id="martin-luther-king-day"),
        pytest.param("US-CA", "2026-03-31", False, id="cesar-chavez-day-in-california"),
        pytest.param("US", "2026-03-31", True, id="cesar-chavez-day-elsewhere"),
        pytest.param("gb-sct", "2026-11-30", False, id="saint-andrew-in-scotland"),
        pytest.param("GB-ENG", "2026-11-30", True, id="saint-andrew-in-england"),
        pytest.param("DE-by", "2026-01-06", False, id="epiphany-in-bavaria"),
        pytest.param("DE-Bayern", "2026-01-06", False, id="subdivision-by-name"),
        pytest.param("SA", "2026-11-27", False, id="friday-is-a-weekend-in-saudi-arabia"),
        pytest.param("SA", "2026-11-29", True, id="sunday-works-in-saudi-arabia"),
        pytest.param("CN", "2026-02-14", True, id="make-up-saturday-in-china"),
        pytest.param("IN", "2150-06-01", True, id="years-that-the-package-warns-of"),
        pytest.param("ZA", "1970-01-03", False, id="saturday-long-ago"),
    ],
)
def test_working_day(country: str | None, day: str, *, works: bool) -> None:
    assert is_working_day(country)(dt.date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("country", "message"),
    [
        pytest.param("South Africa", "did you mean 'ZA'?", id="written-out"),
        pytest.param("Germny", "did you mean 'DE'?", id="written-out-with-a-slip"),
        pytest.param("XX", 'write a code such as "ZA" or "US-CA"', id="no-such-code"),
        pytest.param("", 'write a code such as "ZA" or "US-CA"', id="empty"),
        pytest.param("ß", 'write a code such as "ZA" or "US-CA"', id="upper-case-of-other-letters"),
        pytest.param("US-Californa", "did you mean 'US-California'?", id="part-with-a-slip"),
        pytest.param("GB-QQQ", "valid are ENG, NIR, SCT, WLS", id="no-such-part"),
        pytest.param("GB-", "valid are ENG, NIR, SCT, WLS", id="no-part-after-the-dash"),
        pytest.param("ZA-GP", "write 'ZA' alone", id="country-without-parts"),
        pytest.param("US-CA-X", "did you mean 'US-CA'?", id="split-at-the-first-dash"),
    ],
)
def test_unknown_country(country: str, message: str) -> None:
    assert message in (country_error(country) or "")
    with pytest.raises(InputError) as caught:
        is_working_day(country)
    assert message in caught.value.message


@pytest.mark.parametrize("country", ["ZA", "us-ca", "GB-ENG", "DE-BY", "USA"])
def test_known_country(country: str) -> None:
    assert country_error(country) is None


def test_one_test_a_country() -> None:
    assert is_working_day("ZA") is is_working_day("ZA")


def test_without_a_country_the_package_is_not_imported() -> None:
    code = (
        "import datetime, sys; from afterword.system.business_days import is_working_day;"
        "is_working_day(None)(datetime.date(2026, 11, 24)); sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_of_all_countries_only_the_one_that_is_asked_for_is_imported() -> None:
    code = (
        "import datetime, sys; from afterword.system.business_days import is_working_day;"
        "is_working_day('DE-BY')(datetime.date(2026, 11, 24));"
        "print(*(name for name in sys.modules if name.startswith('holidays.countries.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["holidays.countries.germany"]
