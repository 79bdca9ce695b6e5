"""A sync with a folder, to be killed: `python -m tests.vdir.child FACTS STATE FOLDER NTH`.

The process kills itself at the NTH call that changes the disk, before the call.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from afterword.system.atomic_files import Disk
from afterword.vdir.folder_calendar import FolderCalendar
from tests.sync.people import Tool


def doomed_disk(nth: int) -> Disk:
    """Return the calls of a disk; the process ends at one of them."""
    left = [nth]

    def doomed(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args)

        return counted

    return Disk(
        open=doomed(os.open),
        write=doomed(os.write),
        sync=doomed(os.fsync),
        replace=doomed(os.replace),
        link=doomed(os.link),
        remove=doomed(os.unlink),
    )


def main(facts: str, state: str, folder: str, nth: str) -> None:
    tool = Tool(pickle.loads(Path(facts).read_bytes()), Path(state))  # noqa: S301 - our own
    calendar = FolderCalendar(Path(folder), disk=doomed_disk(int(nth)))
    tool.sync(calendar, connections=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
