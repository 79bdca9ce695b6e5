"""The words of every event, as `core.events.compose` asks for them."""

from __future__ import annotations

import attrs

from afterword.core.event import EventText, Part
from afterword.core.model import Plan, Step
from afterword.core.policy import Policy
from afterword.drafts import description, titles
from afterword.drafts.language import Language
from afterword.drafts.links import link
from afterword.drafts.writing import Desk, drafts


@attrs.define(kw_only=True)
class Wording:
    """Says what stands in an event; a callable `(plan, step, part) -> EventText`.

    `private` leaves out all that others in a shared calendar should not read.
    """

    desk: Desk
    policy: Policy
    private: bool = False
    _last: tuple[Step, str, str | None] | None = attrs.field(default=None, init=False)

    def __call__(self, plan: Plan, step: Step, part: Part) -> EventText:
        """Return title, description and link of one event of a step."""
        language = self.desk.reader
        if self.private:
            return EventText(
                summary=titles.private_title(
                    plan, step, part, language=language, policy=self.policy
                ),
                description=language.tell("The text is not kept here: afterword draft shows it."),
            )
        summary = titles.title(plan, step, part, language=language, policy=self.policy)
        if step.sent_at is not None:
            return EventText(
                summary=summary, description=description.done(plan, step, step.sent_at, language)
            )
        # Act and frame are asked for one after the other, and say the same.
        if self._last is None or self._last[0] is not step:
            self._last = step, *self._written(plan, step, language)
        return EventText(summary=summary, description=self._last[1], url=self._last[2])

    def _written(self, plan: Plan, step: Step, language: Language) -> tuple[str, str | None]:
        written = drafts(plan, step, self.desk)
        links = (link(draft, full=True, language=language) for draft in written)
        text = description.description(plan, step, written, language, self.policy.office)
        return text, next((one for one in links if one), None)
