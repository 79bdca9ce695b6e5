"""Which application a person means."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.domain.model import Application
from afterword.domain.sanitize import clean_line
from afterword.errors import UsageError
from afterword.formats.validators import suggestion

_LISTED = 20


NO_APPLICATIONS_YET = 'nothing is kept yet; begin with: afterword add "COMPANY" "ROLE" --at WHEN'
"""What a newcomer is told, whatever they ask for."""


def find_one(text: str, applications: Sequence[Application]) -> Application:
    """Return the application whose id, company, role or applicant alone has the text.

    Case does not matter; a whole name goes before a part of one. Raises
    UsageError that lists those which match, or says which is next to it.
    """
    wanted = clean_line(text).casefold()
    for matches in (_is_id, _is_a_name, _is_a_part):
        found = [each for each in applications if matches(wanted, each)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"{text!r} may be each of these; say more of one:", _listed(found))
    if not applications:
        raise UsageError(NO_APPLICATIONS_YET)
    known = [name for each in applications for name in (each.id, *_names(each))]
    hint = suggestion(wanted, known) or "; there are:"
    raise UsageError(
        f"no application has {text!r} in its id, company or role{hint}",
        [] if hint.endswith("?") else _listed(applications),
    )


def _names(application: Application) -> tuple[str, ...]:
    company, role = application.company, application.role
    applicant = application.applicant.name if application.applicant else None
    return (company, role, f"{company} {role}", *([applicant] if applicant else []))


def _is_id(wanted: str, application: Application) -> bool:
    return application.id.casefold() == wanted


def _is_a_name(wanted: str, application: Application) -> bool:
    return wanted in map(str.casefold, _names(application))


def _is_a_part(wanted: str, application: Application) -> bool:
    names = (application.id, *_names(application))
    return bool(wanted) and any(wanted in name.casefold() for name in names)


def _listed(applications: Sequence[Application]) -> list[str]:
    lines = [f"{each.id}: {each.company}, {each.role}" for each in applications[:_LISTED]]
    more = len(applications) - _LISTED
    return [*lines, f"and {more} more"] if more > 0 else lines
