"""Entry point of the `afterword` command and of `python -m afterword`."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence

from afterword.cli import main as cli_main

_GC_THRESHOLD = 100_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, by default the process's, and return its exit code."""
    # A run makes many small objects and hardly any cycles, most of all while it imports:
    # collections would take a twentieth of a short run. HTTP requests are another matter,
    # for which see `dav.transport`.
    gc.set_threshold(_GC_THRESHOLD)
    # At its end Python would look for cycles among all modules, a tenth of a short run.
    atexit.register(gc.freeze)
    return cli_main.main(argv)


if __name__ == "__main__":
    sys.exit(main())
