"""The names of months and weekdays in several languages."""

from __future__ import annotations

import pytest

from afterword.formats.dates import date_words


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("jan January Jänner janv ene", 1), ("feb Feber févr. febrero", 2),
        ("mar März Maerz Mrz mars marzo", 3), ("apr avr abr", 4), ("May Mai mayo", 5),
        ("jun juin Juni", 6), ("jul juil. Julio", 7), ("aug août agosto", 8),
        ("sep sept setiembre septiembre", 9), ("oct Okt octubre", 10), ("nov noviembre", 11),
        ("dec Dez déc dic", 12),
    ],
)  # fmt: skip
def test_months_in_four_languages(names: str, month: int) -> None:
    numbers = {date_words.month_number(n, date_words.LANGUAGES) for n in names.split()}
    assert numbers == {month}


@pytest.mark.parametrize("name", ["jui", "ma", "j", "", "Marzipan", "soon"])
def test_ambiguous_and_unknown_months(name: str) -> None:
    assert date_words.month_number(name, date_words.LANGUAGES) is None
