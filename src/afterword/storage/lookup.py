"""Look up an application by its id, company, role or applicant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from afterword.domain.model import Application
from afterword.domain.sanitize import clean_line
from afterword.domain.search_text import contains, equals, search_forms
from afterword.errors import UsageError

NO_APPLICATIONS_YET = 'nothing is stored yet; begin with: afterword add "COMPANY" "ROLE" --at WHEN'
"""The message of every command that needs an application, before the first is added."""

_MAX_LISTED = 20
_SHORTEST_WORD = 3
_SIMILAR = 0.66


def find_application(text: str, applications: Sequence[Application]) -> Application:
    """Return the only application whose id, company, role or applicant contains the text.

    Case, accents and umlauts are ignored. An equal id comes before an equal name, and that before a
    part of either. Raises UsageError, with the matches if there are several,
    or with a suggestion if there is none.
    """
    query = clean_line(text)
    for is_match in (_has_id, _has_name, _contains):
        matches = [application for application in applications if is_match(query, application)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UsageError(
                f"{text!r} matches several applications; type more of the name:", _listed(matches)
            )
    if not applications:
        raise UsageError(NO_APPLICATIONS_YET)
    closest = _closest(query, applications)
    hint = f"; did you mean {closest!r}?" if closest else "; there are:"
    raise UsageError(
        f"no application has {text!r} in its id, company or role{hint}",
        [] if closest else _listed(applications),
    )


def _closest(query: str, applications: Sequence[Application]) -> str | None:
    """Return the name that is most similar to the query, as a whole or in any of its words."""
    by_form: dict[str, str] = {}
    for application in applications:
        for name in (application.company, application.id, *_names(application)):
            for part in (name, *re.split(r"[\W_]+", name)):
                if len(part) >= _SHORTEST_WORD:
                    for form in search_forms(part):
                        by_form.setdefault(form, name)
    forms = search_forms(query)
    scores = ((_similarity(form, other), name) for form in forms for other, name in by_form.items())
    score, name = max(scores, key=lambda scored: scored[0], default=(0.0, ""))
    return name if score >= _SIMILAR else None


def _similarity(first: str, second: str) -> float:
    import difflib  # only for mistakes

    return difflib.SequenceMatcher(None, first, second).ratio()


def _names(application: Application) -> tuple[str, ...]:
    company, role = application.company, application.role
    applicant = application.applicant.name if application.applicant else None
    return (company, role, f"{company} {role}", *([applicant] if applicant else []))


def _has_id(query: str, application: Application) -> bool:
    return application.id.casefold() == query.casefold()


def _has_name(query: str, application: Application) -> bool:
    return any(equals(query, name) for name in _names(application))


def _contains(query: str, application: Application) -> bool:
    names = (application.id, *_names(application))
    return any(contains(name, query) for name in names)


def _listed(applications: Sequence[Application]) -> list[str]:
    lines = [_line(each) for each in applications[:_MAX_LISTED]]
    more = len(applications) - _MAX_LISTED
    return [*lines, f"and {more} more"] if more > 0 else lines


def _line(application: Application) -> str:
    # Only this error needs it, and every command loads this module.
    from afterword.domain.applications import client_name, full_name

    if client_name(application):
        return f"{full_name(application)} ({application.id})"
    return f"{application.id}: {full_name(application)}"
