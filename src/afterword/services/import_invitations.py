"""Decide which company, role and application each invitation is about, and save the result.

A guess is confirmed where the user can be asked, else it is stored as a guess; for what cannot
even be guessed the error names the option.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.applications import same_application
from afterword.domain.model import Application, Interview
from afterword.errors import InputError
from afterword.importers import add_invitation, apply_invitation, match_invitation
from afterword.importers.invitation.invitation_model import Guess, Invitation, InvitationReading
from afterword.importers.match_invitation import InvitationResult
from afterword.services.input_files import InvitationHints, invitation_name
from afterword.services.workspace import Workspace
from afterword.system.assumed_country import with_country


@attrs.define(kw_only=True)
class InvitationImporter:
    """Decides about the invitations of a file in their order.

    `panel`: several interviews of one day are a panel day; None: ask, or take them as rounds.
    `country` is that of new applications; None: the country of their zone.
    """

    workspace: Workspace
    hints: InvitationHints
    panel: bool | None
    country: str | None = None
    _applications: dict[str, Application] = attrs.field(factory=dict)
    _confirmed: dict[tuple[str, str], str] = attrs.field(factory=dict)
    _answered: set[str] = attrs.field(factory=set)
    _is_another: set[str] = attrs.field(factory=set)

    def decide(self, reading: InvitationReading) -> list[InvitationResult]:
        """Return the result of each invitation; none is saved. Raises InputError."""
        self._applications = {a.id: a for a in self.workspace.applications()}
        results = []
        # A cancellation comes before the new invitation that may be in the same file.
        ordered = sorted(reading.invitations, key=lambda i: not i.cancelled)
        for invitation in self._merge_panel_days(ordered):
            result = self._decide(invitation, invitation_name(invitation, reading))
            if result.after is not None:
                # The next invitation of the file may be about the same application.
                self._applications[result.after.id] = result.after
            results.append(result)
        return results

    def save(self, result: InvitationResult) -> InvitationResult:
        """Save the application of a result; return the result with the stored application."""
        before, after = result.before, result.after
        if after is None or not result.has_changes:
            return result
        if before is None:
            return attrs.evolve(result, after=self.workspace.add(after))
        return attrs.evolve(result, after=self.workspace.save(before, after))

    def _decide(self, invitation: Invitation, name: str) -> InvitationResult:
        now = self.workspace.context.local_now
        applications = list(self._applications.values())
        match = match_invitation.find_by_invitation(applications, invitation)
        if match is not None:
            update = apply_invitation.apply_update(match, invitation, now=now)
            return self._if_confirmed(update) or match_invitation.declined_result(update)
        if invitation.cancelled:
            return _ignored_cancellation(applications, invitation)
        others = [a for a in applications if not self._is_excluded(a)]
        if (result := self._apply_to_stored(others, invitation)) is not None:
            return result
        self._answered.clear()
        company, role = self._company_and_role(invitation, applications, name)
        invitation = self._with_attending_decliners(invitation)
        same = same_application(applications, company, role)
        if same is not None:
            result = self._apply_to_stored([same], invitation, by_role=True)
            if result is not None:
                return result
            self._notify(f"You already have {same.id}, so this becomes its next round.")
        result = add_invitation.add_invitation(
            same, invitation, company=company, role=role, now=now
        )
        result = attrs.evolve(result, answered=tuple(self._answered))
        if same is not None or result.after is None:
            return result
        # A later invitation of the file may be a round of this one: fix the id before saving.
        free_id = self.workspace.store.free_id(result.after.id, taken=self._applications)
        after = attrs.evolve(result.after, id=free_id)
        zone = self.workspace.context.zone
        return attrs.evolve(result, after=with_country(after, self.country, zone))

    def _apply_to_stored(
        self, applications: list[Application], invitation: Invitation, *, by_role: bool = False
    ) -> InvitationResult | None:
        """Return the effect on a stored interview that it is about, though its UID is new."""
        now = self.workspace.context.local_now
        twin = match_invitation.find_twin(applications, invitation, by_role=by_role)
        if twin or (twin := match_invitation.find_part_of(applications, invitation)):
            return add_invitation.add_twin(twin, invitation, now=now)
        hold = match_invitation.find_hold(applications, invitation, by_role=by_role)
        if hold is not None:
            if self._is_preferred(invitation, hold.interview):
                return add_invitation.take_alternative(hold, invitation, now=now)
            return add_invitation.add_alternative(hold, invitation)
        cancelled = match_invitation.find_rescheduled(
            applications, invitation, now=now, by_role=by_role
        )
        if cancelled is None or invitation.id in self._is_another:
            return None
        result = add_invitation.reschedule_cancelled(cancelled, invitation, now=now)
        confirmed = self._if_confirmed(result)
        if confirmed is None:
            self._is_another.add(invitation.id)
        return confirmed

    def _if_confirmed(self, result: InvitationResult) -> InvitationResult | None:
        """Return the result, None if the user answers its question with no."""
        ui = self.workspace.context.ui
        if result.question and ui.can_ask() and not ui.confirm(result.question, default=True):
            return None
        return result

    def _is_preferred(self, invitation: Invitation, interview: Interview) -> bool:
        """True if the user prefers this tentative time to that of the interview."""
        ui = self.workspace.context.ui
        if not ui.can_ask() or invitation.start is None:
            return False
        new, stored = map(self.workspace.format_moment, (invitation.start, interview.start))
        question = f"{new} is proposed too, instead of {stored}. Take this time?"
        return ui.confirm(question, default=False)

    def _is_excluded(self, application: Application) -> bool:
        """True if the user says that it is about another company and another role."""
        company, role = self.hints.company, self.hints.role
        if not company or not role:
            return False
        return (
            company.casefold() != application.company.casefold()
            and role.casefold() != application.role.casefold()
        )

    def _company_and_role(
        self, invitation: Invitation, applications: list[Application], name: str
    ) -> tuple[str, str]:
        candidates = match_invitation.find_candidates(applications, invitation)
        match = candidates[0] if len(candidates) == 1 else None
        company = self.hints.company or self._confirm(
            "company", invitation.company, match.company if match else None, name
        )
        role = self.hints.role or self._confirm(
            "role", invitation.role, match.role if match else None, name
        )
        return company, role

    def _confirm(self, key: str, guess: Guess | None, stored: str | None, name: str) -> str:
        """Return the stored value or the guess, confirmed by the user where they can be asked."""
        ui = self.workspace.context.ui
        assumed = stored or (guess.value if guess else None)
        if not ui.can_ask():
            if assumed is None:
                raise InputError(f'{name} does not name the {key}; add --{key} "..."')
            return assumed
        self._answered.add(key)
        question = (key, assumed or "")
        if question not in self._confirmed:
            source = f" (from {guess.source})" if guess and not stored else ""
            self._confirmed[question] = ui.ask_text(f"{key.capitalize()}{source}", default=assumed)
        return self._confirmed[question]

    def _with_attending_decliners(self, invitation: Invitation) -> Invitation:
        """Ask about interviewers who declined: some come all the same, and are thanked."""
        ui = self.workspace.context.ui
        attending = [
            person
            for person in invitation.declined
            if ui.can_ask()
            and ui.confirm(f"{person.name} declined the invitation. Thank them too?", default=False)
        ]
        if not attending:
            return invitation
        return attrs.evolve(invitation, interviewers=(*invitation.interviewers, *attending))

    def _merge_panel_days(self, invitations: Iterable[Invitation]) -> Iterator[Invitation]:
        """Yield the invitations, those of a panel day merged."""
        groups: dict[object, list[Invitation]] = {}
        for invitation in invitations:
            groups.setdefault(self._panel_key(invitation), []).append(invitation)
        for group in groups.values():
            starts = sorted(i.start for i in group if i.start is not None)
            same_start = bool(starts) and starts[-1] - starts[0] <= match_invitation.SAME_START
            if len(group) > 1 and not same_start and self._is_panel(group):
                yield add_invitation.as_panel_day(group)
            else:
                yield from group

    def _panel_key(self, invitation: Invitation) -> object:
        """Return company and day as the key of a panel day, or the id if it is not part of any."""
        stored = match_invitation.find_by_invitation(self._applications.values(), invitation)
        if stored or invitation.start is None or invitation.cancelled or invitation.tentative:
            return invitation.id
        company = invitation.company.value if invitation.company else None
        zone = invitation.zone or self.workspace.context.zone
        return company, datemath.day_of(invitation.start, zone)

    def _is_panel(self, group: list[Invitation]) -> bool:
        if self.panel is not None:
            return self.panel
        start = group[0].start
        day = f" on {self.workspace.format_day(start.date())}" if start else ""
        text = f"{len(group)} interviews at one company{day}"
        ui = self.workspace.context.ui
        if ui.can_ask():
            return ui.confirm(f"{text}: one panel day, with one set of follow-ups?", default=True)
        self._notify(
            f"{text} are imported as separate rounds; --panel-day treats them as one panel "
            "with one set of follow-ups"
        )
        return False

    def _notify(self, message: str) -> None:
        self.workspace.context.ui.notify(message)


def _ignored_cancellation(
    applications: Iterable[Application], invitation: Invitation
) -> InvitationResult:
    """Return that a cancellation with an unknown UID changes nothing."""
    reason = "the cancelled interview is not stored here"
    twin = match_invitation.find_twin(applications, invitation)
    if twin is None:
        return match_invitation.ignored_result(invitation, reason)
    command = f"afterword cancel {twin.application.id} {twin.interview.id}"
    return match_invitation.ignored_result(
        invitation, reason, f"another one is at that time; if it is cancelled: {command}"
    )
