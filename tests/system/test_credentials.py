"""Passwords: the order of their sources, unsafe sources, and no password in any message."""

from __future__ import annotations

import io
import os
import sys
import threading
import traceback
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from afterword.errors import UsageError
from afterword.system import credentials
from afterword.system.credentials import Account, Password, PasswordSources

SAM, SECRET = Account("sam", "dav.example"), "s3cret-Zk9 ü"
posix = pytest.mark.skipif(os.name != "posix", reason="modes and owners are POSIX's")


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Replace the system's keyring by an empty dictionary."""
    saved: dict[tuple[str, str], str] = {}
    module = types.ModuleType("keyring")
    module.saved = saved  # type: ignore[attr-defined]
    module.get_password = lambda service, name: saved.get((service, name))  # type: ignore[attr-defined]
    module.set_password = (  # type: ignore[attr-defined]
        lambda service, name, value: saved.__setitem__((service, name), value)
    )
    module.get_keyring = lambda: types.SimpleNamespace(priority=5)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    return module


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text("")
    path.chmod(0o600)
    return path


def secret_file(tmp_path: Path, text: str = f"{SECRET}\nmore\n", mode: int = 0o600) -> str:
    path = tmp_path / "secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return str(path)


def printing(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; sys.stdout.buffer.write({text.encode()!r})")


def refused(sources: PasswordSources) -> str:
    with pytest.raises(UsageError) as caught:
        credentials.lookup_password(SAM, sources)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def test_the_first_place_that_is_given_counts(
    settings: Path, tmp_path: Path, keyring: types.ModuleType
) -> None:
    keyring.saved["afterword", "sam@dav.example"] = "kept"

    def lookup(
        file: str | None, command: tuple[str, ...], ask: Callable[[str], str] | None
    ) -> tuple[str, str]:
        password = credentials.lookup_password(
            SAM, PasswordSources(settings=settings, file=file, command=command, ask=ask)
        )
        return password.reveal(), password.source

    file, command = secret_file(tmp_path), printing("printed\n")
    assert lookup(file, command, str) == (SECRET, f"in {file}")
    assert lookup(None, command, str) == ("printed", "by password_command")
    assert lookup(None, (), str) == ("kept", "in the keyring")
    keyring.saved.clear()
    assert lookup(None, (), lambda question: f"<{question}>") == (
        "<Password of sam@dav.example>",
        "typed",
    )


def test_a_password_of_another_host_or_user_is_not_taken(
    settings: Path, keyring: types.ModuleType
) -> None:
    keyring.saved["afterword", "sam@other.example"] = SECRET
    keyring.saved["afterword", "alex@dav.example"] = SECRET

    assert "there is no password for sam@dav.example" in refused(PasswordSources(settings=settings))


def test_stdin_gives_its_first_line_only(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO(f"\ufeff{SECRET}\r\nnext line\n".encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(data))

    password = credentials.lookup_password(SAM, PasswordSources(settings=settings, file="-"))

    assert password.reveal() == SECRET


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610])
def test_a_file_that_others_may_read_is_refused(settings: Path, tmp_path: Path, mode: int) -> None:
    file = secret_file(tmp_path, mode=mode)

    assert f"chmod 600 {file}" in refused(PasswordSources(settings=settings, file=file))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the password is empty"),
        ("\nsecond", "the password is empty"),
        ("a\x1b[2Jb", "has control characters"),
        ("x" * 5000, "too long"),
    ],
    ids=["empty", "empty line", "escape", "long"],
)
def test_what_is_no_password_is_told(
    settings: Path, tmp_path: Path, text: str, message: str
) -> None:
    file = secret_file(tmp_path, text)

    assert message in refused(PasswordSources(settings=settings, file=file))


def test_a_file_that_is_not_there_is_told(settings: Path, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")

    assert "no such file" in refused(PasswordSources(settings=settings, file=missing))
    assert "cannot read" in refused(PasswordSources(settings=settings, file=str(tmp_path)))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("afterword-no-such-program",), "cannot run afterword-no-such-program"),
        ((sys.executable, "-c", "print('s3cret-Zk9 ü'); raise SystemExit(4)"), "ended with 4"),
        ((sys.executable, "-c", "import sys; print('s3cret-Zk9 ü', file=sys.stderr)"), "is empty"),
        ((sys.executable, "-c", "import threading; threading.Event().wait()"), "did not end"),
    ],
    ids=["missing", "fails", "prints nothing", "hangs"],
)
def test_a_command_that_fails_is_told_without_what_it_printed(
    settings: Path, command: tuple[str, ...], message: str
) -> None:
    timeout = 0.2 if message == "did not end" else 60

    error = refused(PasswordSources(settings=settings, command=command, timeout=timeout))

    assert message in error
    assert "s3cret" not in error


def test_no_shell_sees_the_command(settings: Path, tmp_path: Path) -> None:
    target = tmp_path / "made"
    command = (sys.executable, "-c", "import sys; print(sys.argv[1])", f"x; touch {target}")

    password = credentials.lookup_password(SAM, PasswordSources(settings=settings, command=command))

    assert password.reveal() == f"x; touch {target}"
    assert not target.exists()


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_command_that_others_may_have_written_is_not_run(settings: Path, mode: int) -> None:
    settings.chmod(mode)
    made = settings.with_name("made")
    command = (sys.executable, "-c", f"open({str(made)!r}, 'w')")

    assert f"chmod go-w {settings}" in refused(PasswordSources(settings=settings, command=command))
    assert not made.exists()


@posix
def test_a_command_of_somebody_else_is_not_run(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody)

    message = refused(PasswordSources(settings=settings, command=printing("x")))
    assert "is not yours" in message


def test_without_any_place_the_ways_are_told(settings: Path) -> None:
    message = refused(PasswordSources(settings=settings))

    assert "--password-file" in message
    assert f"password_command below [calendar] in {settings}" in message
    assert "afterword calendars" in message


def test_a_keyring_that_hangs_is_left_behind(
    settings: Path, keyring: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "_KEYRING_TIMEOUT", 0.05)
    released = threading.Event()
    keyring.get_password = lambda *_: released.wait()  # type: ignore[attr-defined]

    message = refused(PasswordSources(settings=settings))
    released.set()

    assert "gave no answer" in message


def test_a_keyring_without_a_backend_is_told(settings: Path, keyring: types.ModuleType) -> None:
    class NoKeyringError(RuntimeError):
        pass

    def fail(*_: object) -> None:
        raise NoKeyringError(SECRET)

    keyring.get_password = keyring.set_password = fail  # type: ignore[attr-defined]

    message = refused(PasswordSources(settings=settings))

    assert "the keyring cannot be used here (NoKeyringError)" in message
    with pytest.raises(UsageError, match="was not saved"):
        credentials.save_password(SAM, Password(SECRET, "typed"))


def test_without_the_extra_the_next_step_is_told(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    assert "pipx inject afterword keyring" in refused(PasswordSources(settings=settings))
    assert not credentials.keyring_available()


def test_what_is_kept_is_found_again(settings: Path) -> None:
    assert credentials.keyring_available()

    credentials.save_password(SAM, Password(SECRET, "typed"))

    assert credentials.lookup_password(SAM, PasswordSources(settings=settings)).reveal() == SECRET


def test_it_does_not_show_itself() -> None:
    password = Password(SECRET, "typed")

    assert SECRET not in f"{password!r} {password} {[password]}"
