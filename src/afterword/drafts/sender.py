"""Who writes, and how their messages end."""

from __future__ import annotations

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


def signature(writer: Applicant, language: Language, *, brief: bool) -> str:
    """Return the closing and, line by line below it, who writes and how to reach them."""
    closing = language.tell("Best regards,")
    below = _below(writer, brief=brief)
    if not below:
        return closing.rstrip(",")
    return "\n".join([closing, *below])


def _below(writer: Applicant, *, brief: bool) -> list[str]:
    if brief and writer.name:
        return [writer.name]
    if writer.signature:
        return [writer.signature]
    return [line for line in (writer.name, writer.phone, *writer.links) if line]
