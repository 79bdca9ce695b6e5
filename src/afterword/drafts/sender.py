"""Who writes, and how their messages end."""

from __future__ import annotations

import attrs

from afterword.core.model import Applicant, Application
from afterword.drafts.language import Language


def applicant(application: Application, settings: Applicant) -> Applicant:
    """Return who applies: the application's own applicant, else the user of the settings.

    Where the application names somebody else (a coach's client), nothing of
    the user's own side gets into the message.
    """
    own = application.applicant
    if own is None:
        return settings
    if own.name and own.name != settings.name:
        return own
    return Applicant(
        name=own.name or settings.name,
        email=own.email or settings.email,
        phone=own.phone or settings.phone,
        links=own.links or settings.links,
        signature=own.signature or settings.signature,
    )


def signature(writer: Applicant, language: Language) -> str:
    """Return the closing and, line by line below it, who writes and how to reach them."""
    closing = language.tell("Best regards,")
    below = [writer.signature] if writer.signature else _lines(writer)
    if not below:
        return closing.rstrip(",")
    return "\n".join([closing, *below])


def _lines(writer: Applicant) -> list[str]:
    return [line for line in (writer.name, writer.phone, *writer.links) if line]


def without_details(writer: Applicant) -> Applicant:
    """Return the writer by name alone, for a message that has no room for more."""
    return attrs.evolve(writer, signature=None, phone=None, links=())
