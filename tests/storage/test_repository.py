"""The repository returns what was saved, and touches no other file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import attrs
import pytest

from afterword.domain.model import Application, Person
from afterword.errors import ConflictError, InputError, UsageError, WriteError
from afterword.formats.application_file import application_reader
from tests.storage.samples import ACME, INTERVIEW, KAROO, SENT, logged, names, note, store

posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def test_what_is_added_is_there_again(tmp_path: Path) -> None:
    assert store(tmp_path).applications().applications == ()
    assert store(tmp_path).add(KAROO) == KAROO
    store(tmp_path).add(ACME)
    assert store(tmp_path).applications().applications == (ACME, KAROO)
    assert names(tmp_path / "data") == ["acme-clerk.toml", "karoo-clerk.toml"]


@posix
def test_files_and_directories_are_private(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    made = list(tmp_path.rglob("*"))
    assert len(made) > 4
    for path in made:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_id_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    ids = [store(tmp_path).add(KAROO).id for _ in range(3)]
    assert ids == ["karoo-clerk", "karoo-clerk-2", "karoo-clerk-3"]
    upper = attrs.evolve(KAROO, id="KAROO-clerk")
    assert store(tmp_path).add(upper).id == "KAROO-clerk-4"
    assert store(tmp_path).add(attrs.evolve(KAROO, id="settings")).id == "settings-2"
    long = attrs.evolve(KAROO, id="x" * 64)
    assert [each.id for each in store(tmp_path).add_all([long, long])] == [
        "x" * 64,
        "x" * 56 + "-2",
    ]


def test_id_of_a_damaged_file_is_taken(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "karoo-clerk.toml").write_text("damaged")
    assert store(tmp_path).add(KAROO).id == "karoo-clerk-2"
    assert (tmp_path / "data" / "karoo-clerk.toml").read_text() == "damaged"


def test_files_that_are_no_facts_are_left_alone(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    for name in ("settings.toml", ".hidden.toml", "README.md", "notes.toml~"):
        (tmp_path / "data" / name).write_text("zone = 'UTC'")
    shelf = store(tmp_path).applications()
    assert (shelf.applications, shelf.damaged) == ((KAROO,), ())


@posix
def test_damaged_files_are_told_and_kept(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    data = tmp_path / "data"
    (data / "a.toml").write_text('company = "A"\nrole = 7\n')
    (data / "b.toml").write_bytes(b"\xff")
    (data / "c.toml").mkdir()
    os.mkfifo(data / "d.toml")
    (data / "e.toml").write_bytes(b"#" * 1_000_001)
    (data / "f.toml").symlink_to("nowhere")
    (data / "z.toml").write_bytes((data / "karoo-clerk.toml").read_bytes())
    shelf = store(tmp_path).applications()
    assert shelf.applications == (KAROO,)
    assert [error.message.removeprefix(f"{data}{os.sep}") for error in shelf.damaged] == [
        "a.toml was not used; 2 mistakes to correct:",
        "b.toml is not valid TOML; correct it:",
        "c.toml is not a plain file; take it away",
        "d.toml is not a plain file; take it away",
        "e.toml is larger than 1,000,000 bytes: is it the right file?",
        "f.toml is not a plain file; take it away",
        f"z.toml: 'karoo-clerk' is the id in {data / 'karoo-clerk.toml'} too; give it an own one",
    ]
    before = {path: path.stat().st_mtime_ns for path in data.glob("[a-z].toml") if path.exists()}
    store(tmp_path).replace(KAROO, logged(KAROO, SENT))
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_damaged_file_is_named_when_it_is_asked_for(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    damaged = tmp_path / "data" / "acme.toml"
    damaged.write_text("company")
    with pytest.raises(InputError, match="is not valid TOML"):
        store(tmp_path).find_application("Acme")
    assert store(tmp_path).locate("acme") == damaged
    assert store(tmp_path).locate("karoo") == tmp_path / "data" / "karoo-clerk.toml"


def test_file_by_hand_may_have_any_name(tmp_path: Path) -> None:
    store(tmp_path).add(ACME)
    by_hand = tmp_path / "data" / "My Karoo.toml"
    by_hand.write_text(
        "# mine\ncompany = 'Karoo'\nrole = 'Clerk'\n[[interview]]\nstart = 2026-11-24T14:00:00Z\n"
    )
    karoo = store(tmp_path).find_application("karoo")
    assert karoo.id == "karoo-clerk"
    store(tmp_path).replace(karoo, logged(karoo, SENT))
    assert names(tmp_path / "data") == ["My Karoo.toml", "acme-clerk.toml"]
    assert by_hand.read_text().startswith("# mine\ncompany = 'Karoo'\nrole = 'Clerk'\nid = ")
    store(tmp_path).undo("karoo-clerk")
    assert "[[log]]" not in by_hand.read_text()
    store(tmp_path).forget("karoo-clerk")
    assert names(tmp_path / "data") == ["acme-clerk.toml"]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("karoo-clerk", "karoo-clerk"),
        ("KAROO-CLERK", "karoo-clerk"),
        ("karoo", "karoo-clerk"),
        ("analytics", "karoo-clerk"),
        ("analytics  clerk", "karoo-clerk"),
        ("manager", "acme-manager"),
        ("acme manager", "acme-manager"),
        ("acme", "acme"),
        ("straße", "strasse-clerk"),
        ("STRASSE", "strasse-clerk"),
    ],
)
def test_applications_are_found(tmp_path: Path, text: str, id: str) -> None:
    _add_four(tmp_path)
    assert store(tmp_path).find_application(text).id == id


@pytest.mark.parametrize(
    ("text", "message", "notes"),
    [
        (
            "clerk",
            "'clerk' matches several applications; type more of the name:",
            (
                "acme: Acme, Clerk",
                "karoo-clerk: Karoo Analytics, Clerk",
                "strasse-clerk: Straße, Clerk",
            ),
        ),
        (
            "Kroo Analytics",
            (
                "no application has 'Kroo Analytics' in its id, company or role; "
                "did you mean 'Karoo Analytics'?"
            ),
            (),
        ),
        (
            "zzz",
            "no application has 'zzz' in its id, company or role; there are:",
            (
                "acme: Acme, Clerk",
                "acme-manager: Acme, Manager",
                "karoo-clerk: Karoo Analytics, Clerk",
                "strasse-clerk: Straße, Clerk",
            ),
        ),
        (
            " ",
            "no application has ' ' in its id, company or role; there are:",
            (
                "acme: Acme, Clerk",
                "acme-manager: Acme, Manager",
                "karoo-clerk: Karoo Analytics, Clerk",
                "strasse-clerk: Straße, Clerk",
            ),
        ),
    ],
)
def test_applications_that_are_not_found(
    tmp_path: Path, text: str, message: str, notes: tuple[str, ...]
) -> None:
    _add_four(tmp_path)
    with pytest.raises(UsageError) as caught:
        store(tmp_path).find_application(text)
    assert (caught.value.message, caught.value.notes) == (message, notes)


def _add_four(tmp_path: Path) -> None:
    store(tmp_path).add_all(
        [
            KAROO,
            attrs.evolve(ACME, id="acme"),
            attrs.evolve(ACME, id="acme-manager", role="Manager"),
            attrs.evolve(ACME, id="strasse-clerk", company="Straße"),
        ]
    )


def test_many_matches_are_cut(tmp_path: Path) -> None:
    store(tmp_path).add_all([attrs.evolve(KAROO, id=f"k{n}") for n in range(23)])
    with pytest.raises(UsageError) as caught:
        store(tmp_path).find_application("karoo")
    assert len(caught.value.notes) == 21
    assert caught.value.notes[-1] == "and 3 more"


def test_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="afterword add"):
        store(tmp_path).find_application("karoo")


def test_comments_survive_a_change(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    path = tmp_path / "data" / "karoo-clerk.toml"
    path.write_text("# the best of all\n" + path.read_text() + "# the end\n")
    second = attrs.evolve(INTERVIEW, id="r2")
    after = attrs.evolve(logged(KAROO, SENT), interviews=(INTERVIEW, second))
    assert store(tmp_path).replace(KAROO, after) == store(tmp_path).find_application("karoo")
    assert path.read_text().startswith("# the best of all\n")
    assert "# the end\n" in path.read_text()
    assert store(tmp_path).find_application("karoo").log == (SENT,)
    assert [each.id for each in store(tmp_path).find_application("karoo").interviews] == [
        "r1",
        "r2",
    ]


def test_change_of_nothing_writes_nothing(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    path = tmp_path / "data" / "karoo-clerk.toml"
    before = path.stat().st_mtime_ns
    assert store(tmp_path).replace(KAROO, KAROO) == KAROO
    assert path.stat().st_mtime_ns == before


def test_what_others_logged_meanwhile_stays(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    store(tmp_path).replace(KAROO, attrs.evolve(logged(KAROO, note("theirs")), country="DE"))
    merged = store(tmp_path).replace(
        KAROO, attrs.evolve(logged(KAROO, note("mine")), contact=Person(name="Thandi"))
    )
    assert merged.log == (note("theirs"), note("mine"))
    assert (merged.country, merged.contact) == ("DE", Person(name="Thandi"))
    assert store(tmp_path).find_application("karoo") == merged


def test_same_change_twice_is_one(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    renamed = attrs.evolve(KAROO, company="Karoo")
    store(tmp_path).replace(KAROO, renamed)
    assert store(tmp_path).replace(KAROO, renamed) == renamed


def test_contradicting_changes_are_a_conflict(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    theirs = store(tmp_path).replace(KAROO, attrs.evolve(KAROO, role="Head"))
    with pytest.raises(ConflictError, match="role was changed by another program meanwhile"):
        store(tmp_path).replace(KAROO, attrs.evolve(KAROO, role="Chief"))
    assert store(tmp_path).find_application("karoo") == theirs


def test_what_is_gone_meanwhile_is_said(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    (tmp_path / "data" / "karoo-clerk.toml").unlink()
    with pytest.raises(ConflictError, match="karoo-clerk is gone"):
        store(tmp_path).replace(KAROO, logged(KAROO, SENT))


def test_what_is_damaged_meanwhile_is_said(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    (tmp_path / "data" / "karoo-clerk.toml").write_text("company = 7")
    with pytest.raises(InputError, match="3 mistakes"):
        store(tmp_path).replace(KAROO, logged(KAROO, SENT))
    assert (tmp_path / "data" / "karoo-clerk.toml").read_text() == "company = 7"


def test_edited_text_counts_when_it_is_right(tmp_path: Path) -> None:
    store(tmp_path).add_all([KAROO, ACME])
    path = tmp_path / "data" / "karoo-clerk.toml"
    old = path.read_bytes()
    new = old.replace(b"Clerk", b"Head clerk") + b"# mine\n"
    (edited,) = store(tmp_path).replace_text(path, old, new)
    assert edited.role == "Head clerk"
    assert path.read_bytes() == new
    assert store(tmp_path).undo("karoo-clerk") == KAROO
    assert path.read_bytes() == old


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ((b"company", b"comapny"), "comapny: unknown key; did you mean 'company'?"),
        ((b"karoo-clerk", b"karoo"), "'karoo-clerk' is gone; an id is given once and kept"),
        ((b"karoo-clerk", b"ACME-clerk"), "'ACME-clerk' is the id in "),
    ],
    ids=["mistake", "id-given-away", "id-of-another"],
)
def test_edited_text_that_is_wrong_changes_nothing(
    tmp_path: Path, edit: tuple[bytes, bytes], message: str
) -> None:
    store(tmp_path).add_all([KAROO, ACME])
    path = tmp_path / "data" / "karoo-clerk.toml"
    old = path.read_bytes()
    with pytest.raises(InputError) as caught:
        store(tmp_path).replace_text(path, old, old.replace(*edit))
    assert any(line.startswith(message) for line in caught.value.notes)
    assert path.read_bytes() == old


def test_edited_text_of_a_file_that_changed_meanwhile_is_a_conflict(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    path = tmp_path / "data" / "karoo-clerk.toml"
    old = path.read_bytes()
    store(tmp_path).replace(KAROO, logged(KAROO, SENT))
    with pytest.raises(ConflictError, match="edit it again"):
        store(tmp_path).replace_text(path, old, old + b"# mine\n")


def test_damaged_file_is_repaired_by_an_edit(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    path = tmp_path / "data" / "karoo-clerk.toml"
    good, bad = path.read_bytes(), b"\xff" + path.read_bytes()
    path.write_bytes(bad)
    assert store(tmp_path).replace_text(store(tmp_path).locate("karoo-clerk"), bad, good) == (
        KAROO,
    )


def test_what_is_forgotten_leaves_no_trace(tmp_path: Path) -> None:
    store(tmp_path).add_all([KAROO, ACME])
    store(tmp_path).replace(KAROO, logged(KAROO, note("secret")))
    store(tmp_path).forget("karoo-clerk")
    assert store(tmp_path).applications().applications == (ACME,)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"secret" in path.read_bytes() or "karoo" in path.name for path in left)
    store(tmp_path).add(KAROO)
    assert store(tmp_path).undo("karoo-clerk") is None


def test_file_of_several_is_read_and_left_to_people(tmp_path: Path) -> None:
    store(tmp_path).add(ACME)
    several = tmp_path / "data" / "several.toml"
    several.write_text(
        "".join(
            f"[[application]]\ncompany = '{name}'\nrole = 'Clerk'\n"
            "[[application.interview]]\nstart = 2026-11-24T14:00:00Z\n"
            for name in ("Karoo", "Zebra")
        )
    )
    before = several.read_text()
    karoo = store(tmp_path).find_application("karoo")
    with pytest.raises(InputError, match="edit it by hand"):
        store(tmp_path).replace(karoo, logged(karoo, SENT))
    with pytest.raises(InputError, match="holds other applications too"):
        store(tmp_path).forget("karoo-clerk")
    assert several.read_text() == before


@pytest.mark.parametrize("directory", ["data", "data/sub"])
def test_directory_that_cannot_be_made(tmp_path: Path, directory: str) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(WriteError, match="not a directory"):
        store(tmp_path / directory / "..").add(KAROO)


def test_application_that_cannot_be_read_back_is_not_stored(tmp_path: Path) -> None:
    broken = attrs.evolve(KAROO, id="no id", interviews=())
    with pytest.raises(InputError):
        store(tmp_path).add(broken)
    assert names(tmp_path / "data") == []


def test_temporary_files_of_killed_writes_are_swept(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    (tmp_path / "data" / ".afterword-0123456789abcdef.tmp").write_text("half")
    store(tmp_path).add(ACME)
    assert names(tmp_path / "data") == ["acme-clerk.toml", "karoo-clerk.toml"]


def test_written_file_says_what_people_expect(tmp_path: Path) -> None:
    store(tmp_path).add(logged(KAROO, SENT))
    text = (tmp_path / "data" / "karoo-clerk.toml").read_text()
    assert text == (
        'id = "karoo-clerk"\ncompany = "Karoo Analytics"\nrole = "Clerk"\nzone = "Europe/Berlin"\n'
        '\n[[interview]]\nid = "r1"\nstart = 2026-11-24T14:00:00\nminutes = 60\n'
        '\n[[log]]\nat = 2026-11-25T09:00:00+01:00\nsent = "thank-you"\n'
    )
    applications: tuple[Application, ...] = application_reader.parse_applications(
        text.encode(), "karoo-clerk.toml"
    )
    assert applications == (logged(KAROO, SENT),)


@pytest.mark.parametrize("others", [False, True], ids=["alone", "beside-others"])
def test_a_damaged_file_that_may_hold_it_is_named(tmp_path: Path, *, others: bool) -> None:
    if others:
        _add_four(tmp_path)
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "broken.toml").write_text("company = [")

    with pytest.raises(UsageError) as caught:
        store(tmp_path).find_application("Umbrella")

    assert "nothing is stored" not in caught.value.message
    assert any("broken.toml is not valid TOML" in note for note in caught.value.notes)
