"""Run a command that is killed at its n-th operation on the disk: `killed.py N COMMAND...`."""

from __future__ import annotations

import sys

import pytest

from afterword.__main__ import main
from tests.cli.faults import Faults, kill

if __name__ == "__main__":
    Faults(int(sys.argv[1]), kill).put_into(pytest.MonkeyPatch())
    sys.exit(main(sys.argv[2:]))
