"""Check the drafts of an application for tone and slips."""

from __future__ import annotations

from afterword.domain.model import Application
from afterword.domain.planning.plan import StepState
from afterword.messages import compose, tone
from afterword.messages.tone import NameIndex, ToneFinding
from afterword.services.application_plan import plan_application
from afterword.services.date_format import reader_locale
from afterword.services.planned_events import draft_settings_for
from afterword.services.run_context import RunContext

_ENDED = {StepState.DONE, StepState.WITHDRAWN}


def check_drafts(
    application: Application, names: NameIndex, context: RunContext
) -> tuple[ToneFinding, ...]:
    """Return the findings in the drafts that may still be sent.

    `names` are those of all applications: a name from another one is a slip.
    """
    plan = plan_application(application, context)
    settings = draft_settings_for(application, context)
    drafts = [
        draft
        for step in plan.steps
        if step.state not in _ENDED
        for draft in compose.compose_drafts(plan, step, settings)
    ]
    return tone.check_tone(
        application,
        drafts,
        language=settings.language,
        reader=reader_locale(context),
        others=names,
    )
