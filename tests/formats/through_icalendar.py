"""Write events with the icalendar library, as the reference for ours."""

from __future__ import annotations

from collections.abc import Iterable

import icalendar

from afterword.domain.calendar_model import Alarm, Event


def through_icalendar(events: Iterable[Event], *, name: str | None = None) -> bytes:
    whole = icalendar.Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", "-//afterword//afterword//EN")
    whole.add("calscale", "GREGORIAN")
    if name:
        whole.add("name", icalendar.vText(name))
        whole.add("x-wr-calname", icalendar.vText(name))
    for event in events:
        whole.add_component(_component(event))
    return bytes(whole.to_ical())


def _component(event: Event) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", event.uid)
    component.add("dtstart", event.start)
    component.add("dtend", event.end)
    component.add("dtstamp", event.stamp)
    component.add("last-modified", event.stamp)
    component.add("sequence", event.sequence)
    component.add("summary", event.summary)
    component.add("transp", "TRANSPARENT")
    if event.description:
        component.add("description", event.description)
    if event.categories:
        component.add("categories", list(event.categories))
    if event.url:
        component.add("url", event.url)
    if event.cancelled:
        component.add("status", "CANCELLED")
    if event.alarm and not event.cancelled:
        component.add_component(_alarm(event.alarm))
    return component


def _alarm(alarm: Alarm) -> icalendar.Alarm:
    component = icalendar.Alarm()
    component.add("action", "DISPLAY")
    component.add("description", alarm.text)
    component.add("uid", alarm.uid)
    # It writes a duration of nothing as P0D, which is legal and unusual.
    component.add("trigger", -alarm.before if alarm.before else icalendar.vText("PT0S"))
    return component
