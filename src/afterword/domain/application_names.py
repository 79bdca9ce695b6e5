"""Name applications in lists and messages, with the client first."""

from __future__ import annotations

from collections.abc import Iterable

from afterword.domain.model import Application


def client_name(application: Application) -> str | None:
    """Return the name of the applicant that the application states, such as a coach's client."""
    return application.applicant.name if application.applicant else None


def has_clients(applications: Iterable[Application]) -> bool:
    """True if any of the applications states its applicant."""
    return any(map(client_name, applications))


def short_name(application: Application) -> str:
    """Return "Karoo", or "Mia Berg: Karoo" for a client."""
    return _with_client(application, application.company)


def full_name(application: Application) -> str:
    """Return "Karoo, Designer", or "Mia Berg: Karoo, Designer" for a client."""
    return _with_client(application, f"{application.company}, {application.role}")


def _with_client(application: Application, name: str) -> str:
    client = client_name(application)
    return f"{client}: {name}" if client else name
