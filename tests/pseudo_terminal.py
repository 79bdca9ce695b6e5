"""Drive the program at a pseudo-terminal, as a person types; POSIX only."""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping

import attrs
import click
import pytest

_PATIENCE = 60
"""Seconds without any output after which a test fails instead of waiting for ever."""
# The terminal controls a session of its own, so that Ctrl-C reaches the program and nothing else.
_SCRIPT = """\
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from afterword.__main__ import main
sys.exit(main(sys.argv[1:]))"""
CTRL_D, CTRL_U = "\x04", "\x15"
CTRL_C = "\x03\r"
"""With Enter, as Python misses an interrupt that comes just before readline waits for a key."""


@attrs.define
class Typist:
    """A person who reads the screen and types; `screen` is all that was written to it."""

    process: subprocess.Popen[bytes]
    terminal: int
    screen: str = ""
    _read: int = 0

    def sees(self, text: str) -> None:
        """Wait until the text is on the screen, after what was seen before; it may be wrapped."""
        pattern = re.compile(r"\s+".join(map(re.escape, text.split(" "))))
        while not (match := pattern.search(self.screen, self._read)):
            if not self._receive():
                pytest.fail(f"{text!r} never came after {self.screen[self._read :]!r}")
        self._read = match.end()

    def types(self, text: str, *, enter: bool = True) -> None:
        """Type a text, and press Enter."""
        os.write(self.terminal, text.encode() + (b"\r" if enter else b""))

    def presses(self, key: str) -> None:
        """Press a key once the program waits for one: before that the terminal drops it."""
        import termios

        for _ in range(_PATIENCE * 100):
            if not termios.tcgetattr(self.terminal)[3] & termios.ICANON:
                return self.types(key, enter=False)
            select.select([], [], [], 0.01)
        pytest.fail(f"nobody waits for {key!r} after {self.screen!r}")

    def answers(self, question: str, text: str) -> None:
        """Wait for a question and type the answer to it."""
        self.sees(question)
        self.types(text)

    def edits(self, kept: str, text: str) -> None:
        """Wait until a refused answer is there again, delete it and type another one."""
        self.sees(kept)
        self.types(CTRL_U + text)

    def leaves(self, code: int = 0) -> str:
        """Wait for the end of the program; return all that was on the screen."""
        while self._receive():
            pass
        assert self.process.wait(_PATIENCE) == code, self.screen
        return self.screen

    def _receive(self) -> bool:
        """Read what has come; False at the end of the program."""
        if not select.select([self.terminal], [], [], _PATIENCE)[0]:
            pytest.fail(f"nothing comes after {self.screen[self._read :]!r}")
        try:
            data = os.read(self.terminal, 65536)
        except OSError:  # Linux says so at the end of the last process on the terminal
            return False
        text = click.unstyle(data.decode(errors="replace"))
        self.screen += re.sub("\x1b\\[\\?2004[hl]|\x1b\\[K|\r", "", text)
        return bool(data)


@contextlib.contextmanager
def typing(*args: object, env: Mapping[str, str] | None = None) -> Iterator[Typist]:
    """Run the program at a pseudo-terminal of 100 columns; it is ended with the context."""
    if sys.platform == "win32":
        pytest.skip("Windows has no pseudo-terminals")
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    variables = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "INPUTRC": os.devnull}
    variables.pop("COLUMNS", None)
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, *map(str, args)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**variables, **(env or {})},
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Typist(process, master)
    finally:
        process.kill()
        process.wait(_PATIENCE)
        os.close(master)
