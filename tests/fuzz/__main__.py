"""Look for bytes that a reader fails on: `python -m tests.fuzz SECONDS [READER...]`.

Each finding is written to tests/fuzz/findings/READER/, and so becomes a test.
"""

from __future__ import annotations

import contextlib
import hashlib
import random  # noqa: TID251 - seeded by the clock, to look elsewhere each time
import signal
import sys
import time
from collections.abc import Iterator

from tests.fuzz.readers import FINDINGS, changed, is_finding, readers

SECONDS_EACH = 10


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Let the block fail after SECONDS_EACH, where signals allow it."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError(f"longer than {SECONDS_EACH} s")

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_EACH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main(seconds: float, names: list[str]) -> int:
    """Fuzz each reader for that long; return how many kinds of findings there were."""
    kinds = set()
    with readers() as every:
        for name in names or list(every):
            reader, rng, count = every[name], random.Random(time.time_ns()), 0  # noqa: S311
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                count += 1
                data = changed(rng.choice(reader.samples), rng)
                with _limited():
                    error = is_finding(reader, data)
                kind = f"{name}: {type(error).__name__}: {str(error)[:60]}"
                if error is not None and kind not in kinds:
                    kinds.add(kind)
                    path = FINDINGS / name / hashlib.sha256(data).hexdigest()[:12]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
                    sys.stdout.write(f"{kind}\n  {path}\n")
            sys.stdout.write(f"{name}: {count:,} in {seconds:g} s\n")
            sys.stdout.flush()
    return len(kinds)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]) > 0)
