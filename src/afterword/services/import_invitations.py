"""From invitations to decisions: which company, role and application each is about.

What is guessed is confirmed on a terminal; elsewhere a guess is kept as one,
and what is not even guessed is asked for by naming its flag.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator

import attrs
import click

from afterword.cli.ui.output import status
from afterword.domain import datemath, rounds
from afterword.domain.model import Application
from afterword.errors import InputError
from afterword.importers import apply_invitation as intake
from afterword.importers.apply_invitation import InvitationResult
from afterword.importers.invitation.invitation_model import Guess, Invitation, InvitationReading
from afterword.services.input_files import InvitationHints, hint_for
from afterword.services.workspace import Workspace


@attrs.frozen
class PanelDays:
    """Whether several interviews of one day are one panel day; None: ask, or take rounds."""

    panel: bool | None


@attrs.define(kw_only=True)
class InvitationImporter:
    """Decides what the invitations of one file do, one after the other."""

    workspace: Workspace
    said: InvitationHints
    days: PanelDays
    _applications: dict[str, Application] = attrs.field(factory=dict)
    _confirmed: dict[tuple[str, str], str] = attrs.field(factory=dict)

    def decide(self, reading: InvitationReading) -> list[InvitationResult]:
        """Return what each invitation does. Raises InputError where a flag is missing."""
        self._applications = {a.id: a for a in self.workspace.applications()}
        return [
            self._remembered(self._one(one, hint_for(one, reading)))
            for one in self._joined(reading.invitations)
        ]

    def _remembered(self, outcome: InvitationResult) -> InvitationResult:
        """Let the next invitation of the file see what this one did."""
        if outcome.after is not None:
            self._applications[outcome.after.id] = outcome.after
        return outcome

    def _one(self, invited: Invitation, name: str) -> InvitationResult:
        now = self.workspace.context.now.replace(microsecond=0).astimezone(
            self.workspace.context.zone
        )
        applications = list(self._applications.values())
        known = intake.find_by_invitation(applications, invited)
        if known is not None:
            return intake.apply_update(known, invited, now=now)
        if invited.cancelled:
            return intake.ignored_result(invited, "the cancelled interview is not known here")
        near = intake.find_candidates(applications, invited)
        known_company, known_role = (
            (near[0].company, near[0].role) if len(near) == 1 else (None,) * 2
        )
        company = self.said.company or self._text("company", invited.company, known_company, name)
        role = self.said.role or self._text("role", invited.role, known_role, name)
        invited = _with_who_came(invited)
        same = rounds.same_application(applications, company, role)
        if same is not None:
            status(f"{same.id} is known: this is its next round")
        outcome = intake.add_invitation(same, invited, company=company, role=role, now=now)
        if same is not None or outcome.after is None:
            return outcome
        # The next invitation of the file may be a round of this one, by its id.
        named = self.workspace.store.free_id(outcome.after.id, taken=self._applications)
        return attrs.evolve(outcome, after=attrs.evolve(outcome.after, id=named))

    def _text(self, what: str, guess: Guess | None, known: str | None, name: str) -> str:
        """Return the company or the role: the known one, or the guess, confirmed if possible."""
        believed = known or (guess.value if guess else None)
        if not sys.stdin.isatty():
            if believed is None:
                raise InputError(f"{name} does not tell the {what}; say it with --{what}")
            return believed
        key = (what, believed or "")
        if key not in self._confirmed:
            source = f" (from {guess.source})" if guess and not known else ""
            self._confirmed[key] = click.prompt(
                f"{what.capitalize()}{source}", default=believed, err=True
            )
        return self._confirmed[key]

    def _joined(self, invitations: Iterable[Invitation]) -> Iterator[Invitation]:
        """Yield the invitations, those of a panel day as one."""
        groups: dict[object, list[Invitation]] = {}
        for invited in invitations:
            groups.setdefault(self._day(invited), []).append(invited)
        for group in groups.values():
            if len(group) > 1 and self._is_panel(group):
                yield intake.as_panel_day(group)
            else:
                yield from group

    def _day(self, invited: Invitation) -> object:
        """Return what invitations of one panel day have in common; each other one is its own."""
        is_new = intake.find_by_invitation(self._applications.values(), invited) is None
        if invited.start is None or invited.cancelled or not is_new:
            return invited.id
        company = invited.company.value if invited.company else None
        day: dt.date = datemath.day_of(invited.start, invited.zone or self.workspace.context.zone)
        return company, day

    def _is_panel(self, group: list[Invitation]) -> bool:
        if self.days.panel is not None:
            return self.days.panel
        first = group[0].start
        day = f" on {self.workspace.format_day(first.date())}" if first else ""
        text = f"{len(group)} interviews at one company{day}"
        if sys.stdin.isatty():
            question = f"{text}: one panel day, with one set of follow-ups?"
            return click.confirm(question, default=True, err=True)
        status(
            f"{text} are taken as rounds; --panel-day makes them one, with one set of follow-ups"
        )
        return False


def _with_who_came(invited: Invitation) -> Invitation:
    """Ask on a terminal about those who declined: some come all the same, and are thanked."""
    came = [
        person
        for person in invited.declined
        if sys.stdin.isatty()
        and click.confirm(
            f"{person.name} declined the invitation. Thank them too?", default=False, err=True
        )
    ]
    return attrs.evolve(invited, interviewers=(*invited.interviewers, *came)) if came else invited
