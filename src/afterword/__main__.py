"""`python -m afterword`, and the door of the `afterword` command."""

from __future__ import annotations

import sys

from afterword.cli.edge import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
