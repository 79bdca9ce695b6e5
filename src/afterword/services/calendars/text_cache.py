"""A cache of event texts, so that a sync renders only the drafts that may have changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import afterword
from afterword.domain.build_events import EventTexts
from afterword.domain.calendar_model import BusyTimes, EventRole, EventText
from afterword.domain.planning.plan import Plan, Step
from afterword.services.planned_events import templates_directory
from afterword.services.run_context import RunContext
from afterword.storage.state import event_texts
from afterword.storage.state.database import Database
from afterword.storage.state.event_texts import SavedTexts

_OUR_TEXTS = Path(afterword.__file__).parent / "messages"


class TextCache:
    """The texts of all applications, each saved with a fingerprint of all that is in them.

    That is the plan with its application, the settings, the user's templates, the busy times and
    the program. The day counts too: a new time zone database or library changes no file of
    ours, so what follows from it comes a day later at the latest.
    """

    def __init__(self, database: Database, context: RunContext, busy: BusyTimes | None) -> None:
        """Load the texts that were saved last."""
        self.busy = busy
        self._database = database
        files = (*_files(templates_directory(context)), *_files(_OUR_TEXTS))
        today, settings = repr(context.now.date()), repr(context.settings)
        self._inputs = "\n".join((afterword.__version__, today, settings, repr(busy), *files))
        self._saved = event_texts.load_texts(database)
        self._current: dict[str, SavedTexts] = {}

    def texts_of(self, plan: Plan, build: Callable[[], EventTexts]) -> EventTexts:
        """Return the texts of a plan: the saved ones if they are current, else those of `build`."""
        id = plan.application.id
        inputs = f"{self._inputs}\n{plan!r}".encode("utf-8", "surrogatepass")
        fingerprint = hashlib.sha256(inputs).hexdigest()
        saved = self._saved.get(id)
        texts = dict(saved.texts) if saved and saved.fingerprint == fingerprint else {}
        self._current[id] = SavedTexts(fingerprint=fingerprint, texts=texts)

        def text_of(plan: Plan, step: Step, role: EventRole) -> EventText:
            uid = step.uids[role]
            if uid not in texts:
                texts[uid] = build()(plan, step, role)
            return texts[uid]

        return text_of

    def save(self) -> None:
        """Save the texts that were built in this run, and forget those of other applications."""
        changed = {id: now for id, now in self._current.items() if now != self._saved.get(id)}
        gone = self._saved.keys() - self._current.keys()
        event_texts.save_texts(self._database, changed, forget=gone)


def _files(root: Path) -> Iterator[str]:
    """Yield the name, the size and the times of each file below a directory."""
    for directory, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(directory, name)  # noqa: PTH118 - a Path for each takes longer
            with contextlib.suppress(FileNotFoundError):
                status = os.stat(path)  # noqa: PTH116
                yield f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
