"""Look up an application by its id, company, role or applicant."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.domain.model import Application
from afterword.domain.sanitize import clean_line
from afterword.errors import UsageError
from afterword.formats.validators import suggestion

NO_APPLICATIONS_YET = 'nothing is kept yet; begin with: afterword add "COMPANY" "ROLE" --at WHEN'
"""The message of every command that needs an application, before the first is added."""

_MAX_LISTED = 20


def find_application(text: str, applications: Sequence[Application]) -> Application:
    """Return the only application whose id, company, role or applicant contains the text.

    Case is ignored. An equal id comes before an equal name, and that before a
    part of either. Raises UsageError, with the matches if there are several,
    or with a suggestion if there is none.
    """
    query = clean_line(text).casefold()
    for is_match in (_has_id, _has_name, _contains):
        matches = [application for application in applications if is_match(query, application)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UsageError(f"{text!r} may be each of these; say more of one:", _listed(matches))
    if not applications:
        raise UsageError(NO_APPLICATIONS_YET)
    names = [name for each in applications for name in (each.id, *_names(each))]
    hint = suggestion(query, names) or "; there are:"
    raise UsageError(
        f"no application has {text!r} in its id, company or role{hint}",
        [] if hint.endswith("?") else _listed(applications),
    )


def _names(application: Application) -> tuple[str, ...]:
    company, role = application.company, application.role
    applicant = application.applicant.name if application.applicant else None
    return (company, role, f"{company} {role}", *([applicant] if applicant else []))


def _has_id(query: str, application: Application) -> bool:
    return application.id.casefold() == query


def _has_name(query: str, application: Application) -> bool:
    return query in map(str.casefold, _names(application))


def _contains(query: str, application: Application) -> bool:
    names = (application.id, *_names(application))
    return bool(query) and any(query in name.casefold() for name in names)


def _listed(applications: Sequence[Application]) -> list[str]:
    lines = [f"{each.id}: {each.company}, {each.role}" for each in applications[:_MAX_LISTED]]
    more = len(applications) - _MAX_LISTED
    return [*lines, f"and {more} more"] if more > 0 else lines
