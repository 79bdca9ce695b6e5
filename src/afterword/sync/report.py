"""The report of a sync: a summary line, a JSON document and an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from afterword.domain.calendar_model import Field
from afterword.domain.merge.three_way import PlannedWrite, WriteKind
from afterword.domain.merge.user_edits import (
    Deleted,
    FieldEdited,
    KeywordTyped,
    Moved,
    Undeleted,
    UserEdit,
)
from afterword.errors import AfterwordError, ExitCode


@attrs.frozen(kw_only=True)
class SyncReport:
    """The writes that were done, or in a dry run would be, the user's edits, and the failures.

    `user_edits` are new in this run, in order. `failed` maps UIDs to reasons. `damaged` lists
    application files that could not be read or changed; their events are left unchanged.
    `missing` are the events of applications without a file, by id, which stay; `undecided`: the
    user has not decided about them.
    `stopped` is the error that ended the run early. `titles` are those in the calendar, by
    UID. `recreated`: the calendar was missing and was created again. `rivals` maps ids of
    applications to the reason why nothing of them was written. `protected` events have guests
    or exceptions since this run; `shifted_alarms` are events whose alarms at a fixed time moved
    with them; `orphans` have our marks and belong to no application here. `left_alone` maps the
    files in a folder that are no object of a sync to the reasons; None for a server.
    """

    calendar: str
    actions: tuple[PlannedWrite, ...] = ()
    user_edits: tuple[UserEdit, ...] = ()
    tombstones: tuple[str, ...] = ()
    failed: dict[str, str] = attrs.field(factory=dict, hash=False)
    foreign: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    missing: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    undecided: bool = False
    requests: int = 0
    stopped: AfterwordError | None = None
    dry_run: bool = False
    titles: dict[str, str] = attrs.field(factory=dict, hash=False)
    recreated: bool = False
    rivals: dict[str, str] = attrs.field(factory=dict, hash=False)
    protected: tuple[str, ...] = ()
    shifted_alarms: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    left_alone: Mapping[str, str] | None = attrs.field(default=None, hash=False)

    @property
    def exit_code(self) -> ExitCode:
        """Return the exit code of the command."""
        if self.stopped is not None:
            return self.stopped.exit_code
        if self.failed or self.damaged or self.undecided:
            return ExitCode.PARTLY
        return ExitCode.CONFLICT if self.foreign or self.rivals else ExitCode.OK

    def count(self, kind: WriteKind) -> int:
        """Return the number of writes of a kind."""
        return sum(action.kind is kind for action in self.actions)

    def document(self) -> dict[str, object]:
        """Return the JSON document; keys may be added, but never removed."""
        failed = self.failed | dict.fromkeys(self.foreign, "an event of somebody else is there")
        document: dict[str, object] = {
            "calendar": self.calendar,
            "dry_run": self.dry_run,
            "created": self.count(WriteKind.CREATE),
            "updated": self.count(WriteKind.UPDATE),
            "deleted": self.count(WriteKind.DELETE),
            "kept": list(_edited_fields(self.user_edits)),
            "heard": list(_reported_edits(self.user_edits)),
            "tombstones": list(self.tombstones),
            "failed": [{"uid": uid, "reason": reason} for uid, reason in failed.items()],
            "damaged": list(self.damaged),
            "refused": [{"application": id, "reason": why} for id, why in self.rivals.items()],
            "protected": list(self.protected),
            "shifted_alarms": list(self.shifted_alarms),
            "orphans": [{"uid": uid, "title": self.titles.get(uid, "")} for uid in self.orphans],
            "requests": self.requests,
            "stopped": None if self.stopped is None else self.stopped.message,
        }
        if self.missing:
            missing = self.missing.items()
            document["missing"] = [{"application": id, "events": n} for id, n in missing]
        if self.left_alone is not None:
            names = self.left_alone.items()
            document["left_alone"] = [{"file": name, "reason": reason} for name, reason in names]
        return document

    def summary(self) -> str:
        """Return the report in a single line."""
        edited = len({edit["uid"] for edit in _edited_fields(self.user_edits)})
        removed = self.count(WriteKind.DELETE)
        counts = {
            "to write" if self.dry_run else "written": len(self.actions) - removed,
            "to remove" if self.dry_run else "removed": removed,
            "left as you edited it": edited,
            "skipped, because someone else's event is there": len(self.foreign),
            f"failed: {next(iter(self.failed.values()), '').removesuffix('.')}": len(self.failed),
            "refused, because another application has that id": len(self.rivals),
            "left out, because their files cannot be used": len(self.damaged),
        }
        parts = [f"{count} {label}" for label, count in counts.items() if count]
        return ", ".join(parts) or "nothing written"


def _edited_fields(user_edits: Iterable[UserEdit]) -> Iterable[dict[str, object]]:
    names: dict[str, list[str]] = {}
    reasons: dict[str, str] = {}
    for edit in user_edits:
        if isinstance(edit, Moved | FieldEdited):
            time = isinstance(edit, Moved) or edit.field is Field.TIME
            names.setdefault(edit.uid, []).append("start" if time else edit.field.value)  # type: ignore[union-attr]
            both = isinstance(edit, FieldEdited) and edit.ours is not None
            reasons[edit.uid] = "you and the plan changed it" if both else "you changed it"
    return [{"uid": uid, "fields": fields, "reason": reasons[uid]} for uid, fields in names.items()]


def _reported_edits(user_edits: Iterable[UserEdit]) -> Iterable[dict[str, object]]:
    for edit in user_edits:
        at = edit.at.isoformat()
        match edit:
            case KeywordTyped():
                says = edit.says.casefold()
                yield {"uid": edit.uid, "says": says, "title": edit.title, "at": at}
            case Moved():
                to = edit.start.isoformat()
                yield {"uid": edit.uid, "says": "moved", "to": to, "at": at}
            case Deleted() | Undeleted():
                yield {"uid": edit.uid, "says": type(edit).__name__.casefold(), "at": at}
            case _:
                pass
