"""What a sync did, for a person, for a program, and as an exit code."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from afterword.core.decisions import Decision, Deleted, Kept, Moved, Refused, Restored, Titled
from afterword.core.fields import Field
from afterword.core.reconcile import Action, Kind
from afterword.errors import AfterwordError, ExitCode

VERSION = 1


@attrs.frozen(kw_only=True)
class SyncReport:
    """What was written, or in a rehearsal would be; what the person did; what went wrong.

    `decisions` were told in this run, in their order. `failed` gives a reason
    for each UID. `damaged` tells of files of facts that could not be read or
    changed, whose events were left as they are. `stopped` is why the run ended before its time.
    `titles` are those in the calendar, by UID. `remade`: the calendar was gone, and is made anew.
    """

    calendar: str
    actions: tuple[Action, ...] = ()
    decisions: tuple[Decision, ...] = ()
    tombstones: tuple[str, ...] = ()
    failed: dict[str, str] = attrs.field(factory=dict, hash=False)
    foreign: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    requests: int = 0
    stopped: AfterwordError | None = None
    rehearsal: bool = False
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

    def count(self, kind: Kind) -> int:
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
            "dry_run": self.rehearsal,
            "created": self.count(Kind.CREATE),
            "updated": self.count(Kind.UPDATE),
            "deleted": self.count(Kind.DELETE),
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
        counts = {
            "to write" if self.rehearsal else "written": len(self.actions),
            "kept as you changed it": kept,
            "left, as somebody else's event has that place": len(self.foreign),
            f"failed: {next(iter(self.failed.values()), '')}": len(self.failed),
            "left out, as their files cannot be used": len(self.damaged),
        }
        told = [f"{count} {what}" for what, count in counts.items() if count]
        return ", ".join(told) or "nothing written"


def _kept(decisions: Iterable[Decision]) -> Iterable[dict[str, object]]:
    names: dict[str, list[str]] = {}
    reasons: dict[str, str] = {}
    for one in decisions:
        if isinstance(one, Moved | Kept):
            time = isinstance(one, Moved) or one.field is Field.TIME
            names.setdefault(one.uid, []).append("start" if time else one.field.value)  # type: ignore[union-attr]
            both = isinstance(one, Kept) and one.ours is not None
            reasons[one.uid] = "you and the plan changed it" if both else "you changed it"
    return [{"uid": uid, "fields": fields, "reason": reasons[uid]} for uid, fields in names.items()]


def _heard(decisions: Iterable[Decision]) -> Iterable[dict[str, object]]:
    for one in decisions:
        if isinstance(one, Titled):
            yield {
                "uid": one.uid,
                "says": one.says.casefold(),
                "title": one.title,
                "at": one.at.isoformat(),
            }
        elif isinstance(one, Moved):
            to = one.start.isoformat()
            yield {"uid": one.uid, "says": "moved", "to": to, "at": one.at.isoformat()}
        elif isinstance(one, Deleted | Refused | Restored):
            says = type(one).__name__.casefold()
            yield {"uid": one.uid, "says": says, "at": one.at.isoformat()}
