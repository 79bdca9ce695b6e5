"""The language and the date formats of the user of a run.

Drafts have a language of their own, that of the employer.
"""

from __future__ import annotations

from afterword.domain import datemath
from afterword.messages.i18n import DateFormatter, Language, get_language
from afterword.services.run_context import RunContext


def reader_locale(context: RunContext) -> Language:
    """Return the user's own language, in which they read plans and messages of the program."""
    return get_language(context.settings.language, informal=context.settings.informal)


def formatter_for(context: RunContext) -> DateFormatter:
    """Return the formatter for the user of this run."""
    return DateFormatter(reader_locale(context), datemath.day_of(context.now, context.zone).year)
