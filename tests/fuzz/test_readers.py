"""Any bytes are read, or refused with an error of ours; see `readers`.

AFTERWORD_FUZZ is how many changed samples each reader gets at most (default 400); the slow ones get
a tenth.
"""

from __future__ import annotations

import os
import random  # noqa: TID251 - seeded, so that a finding can be made again
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.readers import FINDINGS, Reader, changed, is_finding, readers

ROUNDS = int(os.environ.get("AFTERWORD_FUZZ", "400"))
NAMES = (
    *("invitation", "mail", "table", "application", "settings", "state", "object", "answer"),
    *("export", "template"),
)
SLOW = {"answer", "state", "template"}
FOUND = sorted(path for path in FINDINGS.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def every() -> Iterator[dict[str, Reader]]:
    with readers() as found:
        yield found


def test_each_reader_has_samples(every: dict[str, Reader]) -> None:
    assert set(every) == set(NAMES)
    assert all(reader.samples for reader in every.values())
    assert all(is_finding(each, each.samples[0]) is None for each in every.values())


@pytest.mark.parametrize("name", NAMES)
def test_changed_samples_are_read_or_refused(every: dict[str, Reader], name: str) -> None:
    reader, rng = every[name], random.Random(name)  # noqa: S311 - no secret
    for _ in range(ROUNDS // 10 if name in SLOW else ROUNDS):
        data = changed(rng.choice(reader.samples), rng)
        error = is_finding(reader, data)
        assert error is None, (error, data)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_is_read_or_refused(every: dict[str, Reader], path: Path) -> None:
    assert is_finding(every[path.parent.name], path.read_bytes()) is None
