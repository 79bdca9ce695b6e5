"""Every ending: its exit code, its one line on stderr, and nothing on stdout."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import click
import pytest

from afterword import errors
from afterword.cli.ui import output
from afterword.errors import AfterwordError
from tests.running import Run

Probe = Callable[[Callable[[], None]], None]


def raising(error: BaseException) -> Callable[[], None]:
    def body() -> None:
        raise error

    return body


def afterword(*args: str, stdout: IO[Any]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "afterword", *args]
    return subprocess.run(command, check=False, text=True, stdout=stdout, stderr=subprocess.PIPE)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(errors.UsageError, 2, id="usage"),
        pytest.param(errors.DraftError, 2, id="draft"),
        pytest.param(errors.InputError, 65, id="input"),
        pytest.param(errors.WriteError, 73, id="write"),
    ],
)
def test_an_error_ends_with_the_code_of_its_class(
    run: Run, probe: Probe, error: type[AfterwordError], code: int
) -> None:
    probe(raising(error("karoo.toml has 2 mistakes", ["zone: unknown", "role: missing"])))

    result = run("probe")

    assert result.code == code
    assert result.stdout == b""
    assert result.stderr == (
        "afterword: karoo.toml has 2 mistakes\n  zone: unknown\n  role: missing\n"
    )


@pytest.mark.parametrize("code", list(errors.ExitCode))
def test_each_exit_code_that_an_error_can_have_is_the_process_s(
    run: Run, probe: Probe, code: errors.ExitCode
) -> None:
    class Ending(AfterwordError):  # noqa: N818 - its name does not matter
        exit_code = code

    probe(raising(Ending("so it ended")))

    assert run("probe").code == code


def test_nothing_of_a_foreign_text_but_its_letters_reaches_the_terminal(
    run: Run, probe: Probe
) -> None:
    probe(raising(errors.InputError("bad\x1b]52;c;ZXZpbA==\x07\r\n\x1b[31mname", ["\x1b[2Jnote"])))

    assert run("probe", tty=True, env={"NO_COLOR": "1"}).stderr == "afterword: bad name\n  note\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()], ids=["signal", "prompt"])
def test_an_interrupted_run_ends_with_130(run: Run, probe: Probe, error: BaseException) -> None:
    probe(raising(error))

    result = run("probe")

    assert (result.code, result.stderr) == (130, "afterword: stopped\n")


def test_an_interrupt_while_the_first_is_told_is_no_traceback(
    run: Run, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe(raising(KeyboardInterrupt()))
    again = raising(KeyboardInterrupt())
    monkeypatch.setattr("afterword.cli.main.status", lambda *_: again())

    assert run("probe").code == 130


def test_what_nobody_foresaw_is_called_a_bug_in_one_line(run: Run, probe: Probe) -> None:
    probe(raising(KeyError("start")))

    result = run("probe")

    assert result.code == 1
    assert "this is a bug in afterword: KeyError: 'start'" in result.stderr
    assert "AFTERWORD_DEBUG=1" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_traceback_is_shown_when_asked_for_and_without_the_values_in_it(
    run: Run, probe: Probe
) -> None:
    def body() -> None:
        password = "hunter" + "2"
        message = f"{len(password)} letters"
        raise RuntimeError(message)

    probe(body)

    result = run("probe", env={"AFTERWORD_DEBUG": "1"})

    assert result.code == 1
    assert "Traceback" in result.stderr
    assert "hunter2" not in result.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["setings"], "no such command 'setings'. Did you mean 'settings'?"),
        (["settings", "--tempalte"], "no such option '--tempalte'. Did you mean '--template'?"),
        (["settings", "karoo"], "no such command 'karoo'"),
        (["settings", "--data"], "option '--data' requires an argument"),
        (["--data=caf\udce9"], "not valid UTF-8 in --data: type it anew"),
        (["settings", "--data", "caf\udce9"], "not valid UTF-8 in --data: type it anew"),
        (["plan", "caf\udce9.toml"], "not valid UTF-8 in argument 2: type it anew"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_names_what_is_wrong(
    run: Run, args: list[str], message: str
) -> None:
    result = run(*args)

    assert result.code == 2
    assert result.stdout == b""
    assert result.stderr.splitlines()[0] == f"afterword: {message}"


def test_a_bare_call_says_what_to_type_first(run: Run) -> None:
    result = run()

    assert result.code == 0
    assert "afterword --help" in result.text
    assert result.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("args", [[], ["--help"], ["--version"], ["settings"]], ids=str)
def test_a_full_disk_is_told_and_no_success(args: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        result = afterword(*args, stdout=full)

    assert result.returncode == 73
    assert result.stderr == (
        "afterword: cannot write to standard output: no space left on device\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another error there")
def test_a_reader_that_has_gone_is_no_reason_to_talk() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        result = afterword("settings", stdout=pipe)

    assert (result.returncode, result.stderr) == (73, "")


def test_bytes_go_out_as_they_are_and_alone(run: Run, probe: Probe) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"BEGIN:VCALENDAR\r\n"
        yield b"END:VCALENDAR\r\n"

    probe(lambda: output.echo_bytes(chunks()))

    assert run("probe").stdout == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
