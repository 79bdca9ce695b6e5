"""Settings are loaded with all mistakes reported at once, and saved among what people wrote."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest

from afterword.domain.model import Applicant
from afterword.domain.policy import Hours, Policy
from afterword.errors import UsageError, WriteError
from afterword.settings import loader
from afterword.settings.settings_schema import SETTINGS
from tests.running import Run


def mistakes(path: Path, text: str | bytes) -> list[str]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(UsageError) as caught:
        loader.load_settings(path)
    assert str(path) in caught.value.message
    return list(caught.value.notes) or [caught.value.message.replace(str(path), "FILE")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_all_is_default(path: Path) -> None:
    assert loader.load_settings(path) == loader.Settings()


def test_each_key_reaches_its_field(path: Path) -> None:
    path.write_text(
        """
        zone = "Africa/Johannesburg"
        language = "en"
        me = ["sam@work.example"]
        private = true
        [applicant]
        name = "Sam Seeker"
        email = "sam@mail.example"
        phone = "+27 21 555 0100"
        links = ["https://sam.example"]
        signature = "Sam"
        [hours]
        waking = ["7:30", "21:00"]
        office = [10:00:00, 16:00:00]
        [policy]
        first_opens = 6
        week = 8
        """
    )

    assert loader.load_settings(path) == loader.Settings(
        zone=ZoneInfo("Africa/Johannesburg"),
        language="en",
        me=("sam@work.example",),
        private=True,
        applicant=Applicant(
            name="Sam Seeker",
            email="sam@mail.example",
            phone="+27 21 555 0100",
            links=("https://sam.example",),
            signature="Sam",
        ),
        policy=Policy(
            waking=Hours(start=dt.time(7, 30), end=dt.time(21)),
            office=Hours(start=dt.time(10), end=dt.time(16)),
            first_opens=6,
            week=8,
        ),
    )


def test_what_excel_and_notepad_write_around_a_file_is_no_mistake(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbflanguage = "en"\r\n[applicant]\r\nname = "Sam"\r\n')

    assert loader.load_settings(path).applicant.name == "Sam"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('zone = "Europe/Berln"', "zone: unknown time zone 'Europe/Berln'; did you mean"),
        ("zone = 2", "zone: must be text in quotes, not a number"),
        ('langage = "en"', "langage: unknown key; did you mean 'language'?"),
        ('name = "Sam"', "name: unknown key; did you mean 'applicant.name'?"),
        ('"a\\u001b[2Jb" = 1', "'ab': unknown key"),
        ("[hours]\nsleeping = 1", "hours.sleeping: unknown key"),
        ("hours = 3", "hours: is a section; write [hours]"),
        ('private = "no"', "private: must be true or false"),
        ('me = "sam@mail.example"', "me: must be a list, not text in quotes"),
        ('me = ["sam"]', "me, number 1: 'sam' is no e-mail address"),
        ('[applicant]\nlinks = ["file:///etc"]', "applicant.links, number 1: 'file:///etc' is no"),
        ('[applicant]\nname = ""', "applicant.name: is empty"),
        ('[hours]\nwaking = "8-20"', "hours.waking: must be two times of day"),
        ('[hours]\nwaking = ["8", "20"]', "hours.waking: '8' is no time of day such as 08:00"),
        ('[hours]\nwaking = ["08:00", "24:00"]', "hours.waking: '24:00' is no time of day"),
        ('[hours]\nwaking = [08:00:01, "20:00"]', "hours.waking: '08:00:01' is no time of day"),
        ('[hours]\nwaking = ["20:00", "08:00"]', "hours.waking: 20:00 is not before 08:00"),
        ('[hours]\nwaking = ["08:00", "11:59"]', "hours.waking: is less than 4 h, and a message"),
        ('[hours]\noffice = ["09:00", "09:30"]', "hours.office: is less than 1 h, and a follow-up"),
        ("[policy]\nfirst_opens = 4", "policy.first_opens: must be 5 or more: figures may be"),
        ("[policy]\nfirst_opens = true", "policy.first_opens: must be a number, not true or"),
        ("[policy]\nweek = 7.5", "policy.week: must be a number, not"),
        ("[policy]\nweek = 900", "policy.week: must be a number from 7 to 90"),
        ("zone = \n", "the settings, FILE, are no valid TOML: Invalid value (line 1, column 8)"),
        ("me = []\nme = []", "the settings, FILE, are no valid TOML: Cannot overwrite a value"),
        (b"\xff", "the settings, FILE, are not in UTF-8: save them anew"),
    ],
)
def test_a_mistake_is_named_with_its_key(path: Path, text: str, mistake: str) -> None:
    (result,) = mistakes(path, text)

    assert result.startswith(mistake)


def test_all_mistakes_are_told_at_once(path: Path) -> None:
    result = mistakes(path, 'zone = "Nowhere"\nwaking = 1\n[policy]\nweek = 1\nwek = 2\n')

    assert [line.partition(":")[0] for line in result] == [
        "zone",
        "waking",
        "policy.week",
        "policy.wek",
    ]


def test_a_directory_in_its_place_is_told(path: Path) -> None:
    path.mkdir()

    with pytest.raises(UsageError, match=re.escape(str(path))):
        loader.load_settings(path)


FIGURES = [name for name, value in attrs.asdict(Policy()).items() if isinstance(value, int)]


@pytest.mark.parametrize("figure", FIGURES)
def test_no_figure_can_be_set_to_be_pushier(path: Path, figure: str) -> None:
    rule = getattr(Policy(), figure)
    path.write_text(f"[policy]\n{figure} = {rule + 1}\n")
    assert getattr(loader.load_settings(path).policy, figure) == rule + 1

    (result,) = mistakes(path, f"[policy]\n{figure} = {rule - 1}\n")
    assert f"must be {rule} or more" in result


def test_the_zone_is_kept_among_what_a_person_wrote(path: Path) -> None:
    path.write_text('# mine\nlanguage = "en"  # so far\n\n[applicant]\nname = "Sam"\n')

    loader.save_settings(path, {"zone": "Africa/Johannesburg"})

    assert path.read_text() == (
        '# mine\nlanguage = "en"  # so far\nzone = "Africa/Johannesburg"\n\n'
        '[applicant]\nname = "Sam"\n'
    )


def test_a_new_settings_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "config" / "afterword" / "settings.toml"

    loader.save_settings(path, {"zone": "Europe/Berlin"})

    assert loader.load_settings(path).zone == ZoneInfo("Europe/Berlin")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_where_the_zone_cannot_be_kept_that_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a directory should be")

    with pytest.raises(WriteError):
        loader.save_settings(tmp_path / "config" / "settings.toml", {"zone": "Europe/Berlin"})


def test_every_key_is_shown_with_its_value(run: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[policy]\nweek = 9\n")

    result = run("settings", "--data", tmp_path)

    assert result.code == 0
    assert str(tmp_path / "settings.toml") in result.text
    for key in SETTINGS:
        assert f"\n{key.name} " in result.text
        assert key.meaning in result.text
    assert re.search(r"policy\.week +9 ", result.text)


def test_the_settings_are_shown_as_json(run: Run) -> None:
    document = run("settings", "--json").json

    assert document["version"] == 1
    assert list(document["settings"]) == [key.name for key in SETTINGS]
    assert document["settings"]["hours.waking"] == ["08:00", "20:00"]


def test_the_template_is_a_settings_file_as_it_is_and_with_every_line_filled_in(
    run: Run, path: Path
) -> None:
    template = run("settings", "--template").text
    path.write_text(template)
    assert loader.load_settings(path) == loader.Settings()

    filled = re.sub(r"^# (\w+ = )", r"\1", template, flags=re.MULTILINE)
    path.write_text(filled)
    result = loader.load_settings(path)

    assert result.policy == Policy()
    assert result.applicant.name == "Sam Seeker"
    assert len(re.findall(r"^\w+ = ", filled, flags=re.MULTILINE)) == len(SETTINGS)
