"""The values that the page shows, collected by a service from plans, drafts and logs."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.agenda import Urgency
from afterword.domain.application_stats import ApplicationStatus
from afterword.domain.applications import client_name
from afterword.domain.calendar_model import Event
from afterword.domain.model import Channel, Interview
from afterword.domain.planning.plan import LIVE_STATES, Plan, Step
from afterword.domain.search_text import natural_key
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import DateFormatter
from afterword.messages.links import is_address, profile_link, tel_link


@attrs.frozen(kw_only=True, eq=False)
class PageDraft:
    """A draft with `id`, by which the script reads its text, and the language that it is in."""

    id: str
    draft: Draft
    language: str

    @property
    def plain_mailto(self) -> str:
        """Return the link without subject and text, for a page without its script."""
        to = self.draft.to
        address = to.email if to and to.email and is_address(to.email) else ""
        return f"mailto:{quote(address, safe='@')}"

    @property
    def is_mail(self) -> bool:
        """True for an e-mail to somebody else."""
        return self.draft.channel is Channel.EMAIL and not self.draft.to_oneself

    @property
    def other_link(self) -> str | None:
        """Return the tel: or profile link of a call or a message."""
        to = self.draft.to
        if to is None:
            return None
        if self.draft.channel is Channel.PHONE:
            return tel_link(to.phone or "")
        return profile_link(to.profile or "") if self.draft.channel is Channel.LINKEDIN else None


@attrs.frozen(kw_only=True, eq=False)
class PageStep:
    """A step with its drafts and its calendar events; `dates` is its window as text.

    `urgency` is set on a step that is due or coming.
    """

    id: str
    step: Step
    label: str
    dates: str
    urgency: Urgency | None
    drafts: tuple[PageDraft, ...]
    events: tuple[Event, ...]

    @property
    def hints(self) -> list[str]:
        """Return the hints of all drafts, and the facts that they had to leave out."""
        drafts = [each.draft for each in self.drafts]
        lines = [hint for draft in drafts for hint in draft.hints]
        return list(dict.fromkeys([*lines, *(line for d in drafts for line in d.left_out)]))

    @property
    def is_to_do(self) -> bool:
        """True unless the step is done or withdrawn."""
        return self.step.state in LIVE_STATES


@attrs.frozen(kw_only=True, eq=False)
class PageApplication:
    """An application; `number` is its position in the page, `events` are all its events.

    `log` has the time and the phrase of each entry. `silence` compares the wait for an answer
    with the user's own past answers.
    """

    number: int
    plan: Plan
    status: ApplicationStatus
    steps: tuple[PageStep, ...]
    log: tuple[tuple[dt.datetime, str], ...]
    events: tuple[Event, ...]
    silence: str | None = None

    @property
    def client(self) -> str:
        """Return the client's name, empty for an application of the user."""
        return client_name(self.plan.application) or ""

    @property
    def company(self) -> str:
        """Return the company."""
        return self.plan.application.company

    @property
    def role(self) -> str:
        """Return the role."""
        return self.plan.application.role

    @property
    def interviews(self) -> tuple[Interview, ...]:
        """Return the interviews by start, in UTC."""
        return self.plan.timeline.interviews


@attrs.frozen(kw_only=True, eq=False)
class PageContent:
    """All that the page shows; `notices` are questions and warnings, with their application."""

    now: dt.datetime
    zone: ZoneInfo
    formats: DateFormatter
    calendar_name: str
    applications: tuple[PageApplication, ...]
    notices: tuple[tuple[int, str], ...]

    @property
    def clients(self) -> list[str]:
        """Return the names of the applicants, sorted; the user's own is empty."""
        return sorted({each.client for each in self.applications}, key=natural_key)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment in the user's zone."""
        return moment.astimezone(self.zone)
