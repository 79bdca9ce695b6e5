"""What a sync did, for a person, for a program, and as an exit code."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from afterword.domain.merge.fields import Field
from afterword.domain.merge.three_way import PlannedWrite, WriteKind
from afterword.domain.merge.user_edits import (
    Deleted,
    FieldEdited,
    KeywordTyped,
    Moved,
    UidRejected,
    Undeleted,
    UserEdit,
)
from afterword.errors import AfterwordError, ExitCode

VERSION = 1


@attrs.frozen(kw_only=True)
class SyncReport:
    """What was written, or in a dry run would be; what the person did; what went wrong.

    `decisions` were told in this run, in their order. `failed` gives a reason
    for each UID. `damaged` tells of files of facts that could not be read or
    changed, whose events were left as they are. `stopped` is why the run ended before its time.
    `titles` are those in the calendar, by UID. `remade`: the calendar was gone, and is made anew.
    """

    calendar: str
    actions: tuple[PlannedWrite, ...] = ()
    decisions: tuple[UserEdit, ...] = ()
    tombstones: tuple[str, ...] = ()
    failed: dict[str, str] = attrs.field(factory=dict, hash=False)
    foreign: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    requests: int = 0
    stopped: AfterwordError | None = None
    dry_run: bool = False
    titles: dict[str, str] = attrs.field(factory=dict, hash=False)
    remade: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """Return what the command ends with."""
        if self.stopped is not None:
            return self.stopped.exit_code
        if self.failed or self.damaged:
            return ExitCode.PARTLY
        return ExitCode.CONFLICT if self.foreign else ExitCode.OK

    def count(self, kind: WriteKind) -> int:
        """Return how many events were created, updated or deleted."""
        return sum(action.kind is kind for action in self.actions)

    def document(self) -> dict[str, object]:
        """Return the JSON document; keys may be added, none taken away."""
        failed = self.failed | dict.fromkeys(
            self.foreign, "an event of somebody else has its place"
        )
        return {
            "version": VERSION,
            "calendar": self.calendar,
            "dry_run": self.dry_run,
            "created": self.count(WriteKind.CREATE),
            "updated": self.count(WriteKind.UPDATE),
            "deleted": self.count(WriteKind.DELETE),
            "kept": list(_kept(self.decisions)),
            "heard": list(_heard(self.decisions)),
            "tombstones": list(self.tombstones),
            "failed": [{"uid": uid, "reason": reason} for uid, reason in failed.items()],
            "damaged": list(self.damaged),
            "requests": self.requests,
            "stopped": None if self.stopped is None else self.stopped.message,
        }

    def summary(self) -> str:
        """Return it in one line."""
        kept = len({one["uid"] for one in _kept(self.decisions)})
        removed = self.count(WriteKind.DELETE)
        counts = {
            "to write" if self.dry_run else "written": len(self.actions) - removed,
            "to remove" if self.dry_run else "removed": removed,
            "kept as you changed it": kept,
            "left, as somebody else's event has that place": len(self.foreign),
            f"failed: {next(iter(self.failed.values()), '').removesuffix('.')}": len(self.failed),
            "left out, as their files cannot be used": len(self.damaged),
        }
        told = [f"{count} {what}" for what, count in counts.items() if count]
        return ", ".join(told) or "nothing written"


def _kept(decisions: Iterable[UserEdit]) -> Iterable[dict[str, object]]:
    names: dict[str, list[str]] = {}
    reasons: dict[str, str] = {}
    for one in decisions:
        if isinstance(one, Moved | FieldEdited):
            time = isinstance(one, Moved) or one.field is Field.TIME
            names.setdefault(one.uid, []).append("start" if time else one.field.value)  # type: ignore[union-attr]
            both = isinstance(one, FieldEdited) and one.ours is not None
            reasons[one.uid] = "you and the plan changed it" if both else "you changed it"
    return [{"uid": uid, "fields": fields, "reason": reasons[uid]} for uid, fields in names.items()]


def _heard(decisions: Iterable[UserEdit]) -> Iterable[dict[str, object]]:
    for one in decisions:
        if isinstance(one, KeywordTyped):
            yield {
                "uid": one.uid,
                "says": one.says.casefold(),
                "title": one.title,
                "at": one.at.isoformat(),
            }
        elif isinstance(one, Moved):
            to = one.start.isoformat()
            yield {"uid": one.uid, "says": "moved", "to": to, "at": one.at.isoformat()}
        elif isinstance(one, Deleted | UidRejected | Undeleted):
            says = type(one).__name__.casefold()
            yield {"uid": one.uid, "says": says, "at": one.at.isoformat()}
