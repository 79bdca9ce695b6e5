"""Drives the whole program in this process, as a shell would from outside."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import attrs
import click
import pytest

from afterword.__main__ import main
from afterword.cli.app import afterword

Golden = Callable[[str | bytes, str], None]
"""`golden(result.stdout, "week.txt")`: compare with the file of that name in `golden/`."""


@attrs.frozen
class Result:
    """What a run ended with: its exit code, stdout byte for byte, stderr as text."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        return self.stdout.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


def understand(name: str, *args: str) -> None:
    """Parse a command line without running it; click raises for what it does not know."""
    group = click.Context(afterword, **afterword.context_settings)
    command = afterword.get_command(group, name)
    assert command is not None, f"no command {name}"
    command.make_context(name, list(args), parent=group)


class Run(Protocol):
    """`run("plan", path, "--json", input=b"...", env={"NO_COLOR": "1"})`."""

    def __call__(
        self,
        *args: object,
        input: bytes = b"",  # noqa: A002 - as subprocess.run calls it
        env: Mapping[str, str] | None = None,
        encoding: str = "utf-8",
        tty: bool = False,
    ) -> Result: ...


class _Stream(io.TextIOWrapper):
    """A standard stream over bytes that may claim to be a terminal."""

    def __init__(self, data: bytes, encoding: str, *, tty: bool) -> None:
        self.bytes = io.BytesIO(data)
        super().__init__(self.bytes, encoding=encoding, write_through=True)
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty


def runner(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the function; what `env` sets holds until the test's end."""

    def run(
        *args: object,
        input: bytes = b"",  # noqa: A002 - as subprocess.run calls it
        env: Mapping[str, str] | None = None,
        encoding: str = "utf-8",
        tty: bool = False,
    ) -> Result:
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        stdin, stdout, stderr = (_Stream(data, encoding, tty=tty) for data in (input, b"", b""))
        monkeypatch.setattr("sys.stdin", stdin)
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            code = main([str(arg) for arg in args])
        return Result(code, stdout.bytes.getvalue(), stderr.bytes.getvalue().decode(encoding))

    return run
