"""Print the coverage of the list of faults: `python -m tests.faults`."""

from __future__ import annotations

import sys

from tests.faults.table import COVERED, NOT_APPLICABLE


def main() -> None:
    """Print a line for each case, and the figures."""
    for case, references in COVERED.items():
        sys.stdout.write(f"{case:>4}  {', '.join(references)}\n")
    for case, reason in NOT_APPLICABLE.items():
        sys.stdout.write(f"{case:>4}  does not apply: {reason}\n")
    sys.stdout.write(f"{len(COVERED)} cases have tests, {len(NOT_APPLICABLE)} do not apply\n")


if __name__ == "__main__":
    main()
