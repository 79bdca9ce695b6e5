"""The effect of an invitation on the stored applications."""

from __future__ import annotations

import enum

import attrs

from afterword.domain.model import Application
from afterword.importers.invitation.invitation_model import Invitation
from afterword.importers.match_invitation import StoredInterview


class ImportAction(enum.StrEnum):
    """The effect of an imported invitation."""

    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"


@attrs.frozen(kw_only=True)
class InvitationResult:
    """The effect of an invitation on an application.

    `before` is None for a new application; without a change, `after` is None or equal to it.
    `interview` is the interview's id. `question` is to be asked before a doubtful change is made;
    where nobody can answer, the change is made and the warnings say so. `answered` names the
    fields that the user was asked about, so that they are no guesses.
    """

    action: ImportAction
    invitation: Invitation
    before: Application | None = None
    after: Application | None = None
    interview: str | None = None
    warnings: tuple[str, ...] = ()
    question: str | None = None
    answered: tuple[str, ...] = ()

    @property
    def has_changes(self) -> bool:
        """True if the application has to be saved."""
        return self.after is not None and self.after != self.before


def ignored_result(invitation: Invitation, *reasons: str) -> InvitationResult:
    """Return that the invitation changes nothing, with the reasons as warnings."""
    return InvitationResult(action=ImportAction.IGNORED, invitation=invitation, warnings=reasons)


def declined_result(result: InvitationResult) -> InvitationResult:
    """Return that nothing was changed, because the user answered the question with no."""
    return attrs.evolve(
        result,
        action=ImportAction.IGNORED,
        after=result.before,
        question=None,
        warnings=("nothing was changed, as you answered",),
    )


def unchanged_result(stored: StoredInterview, invitation: Invitation) -> InvitationResult:
    """Return that nothing was changed in the interview that the invitation is about."""
    return InvitationResult(
        action=ImportAction.UNCHANGED,
        invitation=invitation,
        before=stored.application,
        after=stored.application,
        interview=stored.interview.id,
    )
