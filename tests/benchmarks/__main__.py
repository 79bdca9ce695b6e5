"""Run the benchmarks and print a table: `python -m tests.benchmarks [-o FILE.json] [GROUP...]`.

Without a group all are run, which takes about half an hour on a quiet machine; quote
ratios, not seconds. With -o, the figures of these groups are replaced in the file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path

from tests.benchmarks.marks import GROUPS
from tests.benchmarks.report import Figures, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    args = parser.parse_args()
    unknown = set(args.groups) - GROUPS.keys()
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; one of {', '.join(GROUPS)}")
    figures: Figures = {}
    if args.output and args.output.exists():
        figures = json.loads(args.output.read_text(encoding="utf-8"))["figures"]
    machine = {
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
    }
    for name in args.groups or GROUPS:
        with tempfile.TemporaryDirectory() as folder:
            values = GROUPS[name].measure(Path(folder))
        figures[name] = {key: round(value, 3) for key, value in values.items()}
        print(table(figures, (name,)), flush=True)
        if args.output:
            args.output.write_text(
                json.dumps({**machine, "figures": figures}, indent=1) + "\n", encoding="utf-8"
            )


if __name__ == "__main__":
    main()
