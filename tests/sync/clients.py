"""Calendar programs of phones and desks, as far as they write what others wrote.

Each takes an object apart and sends it back as its own: in its order of
properties, with its own zone, folds, stamps and marks, and with what it does to
alarms. None of them changes a character of what the person did not touch.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote
from zoneinfo import ZoneInfo

import attrs
from icalendar import vDuration

ZONE = ZoneInfo("Africa/Johannesburg")
SNOOZE = "20261125T091500Z"
_MINUTE = dt.timedelta(minutes=1)


def lines(body: bytes) -> list[str]:
    """Return the content lines of an object."""
    return re.sub(r"\r?\n[ \t]", "", body.decode()).replace("\r\n", "\n").strip().split("\n")


def joined(content: Iterable[str], *, octets: int = 75) -> bytes:
    """Return the lines folded, none longer than that."""
    return b"".join(_folded(line.encode(), octets) for line in content)


def _folded(line: bytes, octets: int) -> bytes:
    pieces = []
    while len(line) > octets:
        end = octets
        while line[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(line[:end])
        line = b" " + line[end:]
    return b"\r\n".join([*pieces, line, b""])


Properties = dict[str, str]
"""What follows each name, with its colon or its parameters, in the object's order."""


@attrs.define
class Seen:
    """An event as a client has it in memory. `edited` are the properties that it set."""

    event: Properties
    alarms: list[Properties]
    edited: set[str] = attrs.field(factory=set)

    @classmethod
    def of(cls, body: bytes) -> Seen:
        seen, place = cls({}, []), [""]
        for line in lines(body):
            name, rest = re.fullmatch(r"([^;:]+)(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
            if name == "BEGIN":
                place.append(rest[1:])
                seen.alarms += [{}] * (place[-1] == "VALARM")
            elif name == "END":
                place.pop()
            elif place[-1] == "VEVENT":
                seen.event[name] = rest
            elif place[-1] == "VALARM":
                seen.alarms[-1][name] = rest
        # What says "no alarm by default" is no alarm.
        seen.alarms = [one for one in seen.alarms if "X-APPLE-DEFAULT-ALARM" not in one]
        return seen

    def set(self, name: str, rest: str) -> None:
        self.event[name] = rest
        self.edited.add(name)

    @property
    def zoned(self) -> bool:
        return any("TZID=" in self.event.get(name, "") for name in ("DTSTART", "DTEND"))


@attrs.define(kw_only=True)
class Client:
    """How a client writes. `modified` is when the person acts; `foreign`: it keeps X- of others."""

    modified: str
    foreign: bool = True

    def write(self, seen: Seen) -> bytes:
        raise NotImplementedError

    def dismiss(self, seen: Seen) -> None:
        """Note that the alarm was answered, where it is noted in the object."""

    def snooze(self, seen: Seen) -> None:
        """Note that the alarm is to ring again, where it is noted in the object."""

    def later(self, seen: Seen) -> None:
        """Count the revision, where times have changed."""
        if {"DTSTART", "DTEND"} & seen.edited:
            seen.event["SEQUENCE"] = f":{int(seen.event.get('SEQUENCE', ':0')[1:]) + 1}"


def _lines(properties: Mapping[str, str]) -> list[str]:
    return [name + rest for name, rest in properties.items()]


def _ordered(properties: Properties, first: Iterable[str]) -> Properties:
    named = {name: properties[name] for name in first if name in properties}
    return named | properties


class Ios(Client):
    """Everything in the order of its name, zones behind, its marks behind the alarms."""

    def write(self, seen: Seen) -> bytes:
        self.later(seen)
        stamps = {"DTSTAMP": f":{self.modified}", "LAST-MODIFIED": f":{self.modified}"}
        event = {"CREATED": f":{self.modified}"} | seen.event | stamps
        if not self.foreign:
            event = {name: rest for name, rest in event.items() if not name.startswith("X-")}
        if "URL" in event:
            event["URL"] = ";VALUE=URI:" + event["URL"].partition(":")[2]
        event |= {"X-APPLE-CREATOR-IDENTITY": ":com.apple.mobilecal"}
        event.pop("X-APPLE-TRAVEL-ADVISORY-BEHAVIOR", None)
        for number, alarm in enumerate(seen.alarms):
            alarm |= {"X-WR-ALARMUID": _named(alarm, number), "DESCRIPTION": ":Reminder"}
        stub = {
            "ACTION": ":NONE",
            "TRIGGER": ";VALUE=DATE-TIME:19760401T005545Z",
            "UID": ":728355FB-6473-440E-8632-5BC3BC06B2B8",
            "X-APPLE-DEFAULT-ALARM": ":TRUE",
            "X-WR-ALARMUID": ":728355FB-6473-440E-8632-5BC3BC06B2B8",
        }
        content = ["BEGIN:VCALENDAR", "CALSCALE:GREGORIAN"]
        content += ["PRODID:-//Apple Inc.//iPhone OS 26.1//EN", "VERSION:2.0", "BEGIN:VEVENT"]
        content += _lines(dict(sorted(event.items())))
        content += _alarms(dict(sorted(alarm.items())) for alarm in [*seen.alarms, stub])
        content += ["X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC", "END:VEVENT"]
        content += _zone() * seen.zoned
        return joined([*content, "END:VCALENDAR"])

    def dismiss(self, seen: Seen) -> None:
        for alarm in seen.alarms:
            alarm["ACKNOWLEDGED"] = f":{self.modified}"

    def snooze(self, seen: Seen) -> None:
        self.dismiss(seen)
        again = {"ACTION": ":DISPLAY", "TRIGGER": f";VALUE=DATE-TIME:{SNOOZE}"}
        for number, alarm in enumerate(list(seen.alarms)):
            related = {"RELATED-TO": f";RELTYPE=SNOOZE{_named(alarm, number)}"}
            seen.alarms.append(again | related)


class Thunderbird(Client):
    """Stamps first, a count of its own, formatted descriptions, answers to alarms in the event."""

    order = ("CREATED", "LAST-MODIFIED", "DTSTAMP", "UID", "SUMMARY", "X-MOZ-LASTACK", "DTSTART",
             "DTEND", "X-MOZ-SNOOZE-TIME", "SEQUENCE", "X-MOZ-GENERATION")  # fmt: skip

    def write(self, seen: Seen) -> bytes:
        self.later(seen)
        stamps = {"LAST-MODIFIED": f":{self.modified}", "DTSTAMP": f":{self.modified}"}
        count = int(seen.event.get("X-MOZ-GENERATION", ":0")[1:]) + 1
        event = seen.event | stamps | {"X-MOZ-GENERATION": f":{count}"}
        event.setdefault("CREATED", f":{self.modified}")
        if "DESCRIPTION" in seen.edited:
            text = event["DESCRIPTION"].partition(":")[2]
            event["DESCRIPTION"] = f';ALTREP="data:text/html,{quote(text)}":{text}'
        content = ["BEGIN:VCALENDAR", "PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN"]
        content += ["VERSION:2.0"]
        content += _zone("X-TZINFO:Africa/Johannesburg[2026a]") * seen.zoned
        content += ["BEGIN:VEVENT", *_lines(_ordered(event, self.order))]
        content += [*_alarms(seen.alarms), "END:VEVENT"]
        return joined([*content, "END:VCALENDAR"])

    def dismiss(self, seen: Seen) -> None:
        seen.set("X-MOZ-LASTACK", f":{self.modified}")
        seen.event.pop("X-MOZ-SNOOZE-TIME", None)

    def snooze(self, seen: Seen) -> None:
        self.dismiss(seen)
        seen.set("X-MOZ-SNOOZE-TIME", f":{SNOOZE}")


class Davx5(Client):
    """A row of Android's database: no LAST-MODIFIED, alarms as minutes alone, zones behind.

    Android keeps to itself what was dismissed and snoozed.
    """

    order = ("DTSTAMP", "UID", "SUMMARY", "LOCATION", "DTSTART", "DTEND", "DESCRIPTION", "COLOR",
             "CLASS", "TRANSP", "STATUS", "SEQUENCE", "CATEGORIES")  # fmt: skip

    def write(self, seen: Seen) -> bytes:
        sequence = int(seen.event.get("SEQUENCE", ":0")[1:])
        event = seen.event | {"DTSTAMP": f":{self.modified}", "STATUS": ":CONFIRMED"}
        event |= {"SEQUENCE": f":{sequence + 1}"} if sequence else {}
        for name in ("LAST-MODIFIED", *["SEQUENCE"] * (not sequence)):
            event.pop(name, None)
        content = ["BEGIN:VCALENDAR", "VERSION:2.0"]
        content += ["PRODID:DAVx5/4.5.19-ose ical4j/4.3.0 (com.google.android.calendar)"]
        content += ["BEGIN:VEVENT", *_lines(_ordered(event, self.order))]
        content += _alarms(self._reminder(alarm, event) for alarm in seen.alarms)
        content += ["END:VEVENT"]
        content += _zone("TZURL:http://tzurl.org/zoneinfo/Africa/Johannesburg") * seen.zoned
        return joined([*content, "END:VCALENDAR"], octets=73)

    def _reminder(self, alarm: Properties, event: Properties) -> Properties:
        kind, _, value = alarm["TRIGGER"].rpartition(":")
        if "DATE" in kind:
            rings = instant(value) - instant(event["DTSTART"])
        else:
            rings = vDuration.from_ical(value)
        minutes = rings // _MINUTE
        trigger = f":{'-' * (minutes < 0)}PT{abs(minutes)}M" if minutes else ":PT0S"
        return {"TRIGGER": trigger, "ACTION": ":DISPLAY", "DESCRIPTION": event["SUMMARY"]}


class Evolution(Client):
    """Zones named by a path, alarms with a UID of its own; what was dismissed stays with it."""

    zone = f"/freeassociation.sourceforge.net/{ZONE.key}"

    def write(self, seen: Seen) -> bytes:
        stamps = {"DTSTAMP": f":{self.modified}", "LAST-MODIFIED": f":{self.modified}"}
        event = seen.event | {"CREATED": f":{self.modified}", "CLASS": ":PUBLIC"} | stamps
        if seen.edited:
            event["SEQUENCE"] = f":{int(seen.event.get('SEQUENCE', ':0')[1:]) + 1}"
        for name in ("DTSTART", "DTEND"):
            event[name] = event[name].replace(f"TZID={ZONE.key}", f"TZID={self.zone}")
        for number, alarm in enumerate(seen.alarms):
            alarm["X-EVOLUTION-ALARM-UID"] = f":{number:040x}"
        content = ["BEGIN:VCALENDAR", "CALSCALE:GREGORIAN", "VERSION:2.0"]
        content += ["PRODID:-//Ximian//NONSGML Evolution Calendar//EN"]
        zone = [x.replace(f"TZID:{ZONE.key}", f"TZID:{self.zone}") for x in _zone()]
        content += zone * seen.zoned
        content += ["BEGIN:VEVENT", *_lines(event), *_alarms(seen.alarms), "END:VEVENT"]
        return joined([*content, "END:VCALENDAR"])


class Khal(Client):
    """Khal and vdirsyncer: properties sorted, nothing added, no stamp changed."""

    def write(self, seen: Seen) -> bytes:
        if seen.edited:
            seen.event["SEQUENCE"] = f":{int(seen.event.get('SEQUENCE', ':0')[1:]) + 1}"
        content = ["BEGIN:VCALENDAR", "VERSION:2.0"]
        content += ["PRODID:-//PIMUTILS.ORG//NONSGML khal / icalendar //EN"]
        content += _zone() * seen.zoned
        content += ["BEGIN:VEVENT", *_lines(dict(sorted(seen.event.items())))]
        content += _alarms(dict(sorted(alarm.items())) for alarm in seen.alarms)
        return joined([*content, "END:VEVENT", "END:VCALENDAR"])


class NextcloudCalendar(Client):
    """The web calendar: a revision each time, triggers that name what they relate to."""

    order = ("CREATED", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "UID", "DTSTART", "DTEND",
             "STATUS", "SUMMARY", "DESCRIPTION")  # fmt: skip

    def write(self, seen: Seen) -> bytes:
        stamps = {"DTSTAMP": f":{self.modified}", "LAST-MODIFIED": f":{self.modified}"}
        sequence = int(seen.event.get("SEQUENCE", ":0")[1:]) + 1
        event = {"CREATED": f":{self.modified}", "STATUS": ":CONFIRMED"} | seen.event | stamps
        event["SEQUENCE"] = f":{sequence}"
        for alarm in seen.alarms:
            if alarm["TRIGGER"].startswith(":"):
                alarm["TRIGGER"] = f";RELATED=START{alarm['TRIGGER']}"
        content = ["BEGIN:VCALENDAR", "CALSCALE:GREGORIAN", "VERSION:2.0"]
        content += ["PRODID:-//IDN nextcloud.com//Calendar app 5.5.0//EN"]
        content += ["BEGIN:VEVENT", *_lines(_ordered(event, self.order))]
        content += [*_alarms(seen.alarms), "END:VEVENT", *_zone() * seen.zoned]
        return joined([*content, "END:VCALENDAR"])


class Kde(Client):
    """KCalendarCore: alarms that are switched on, triggers with their type, marks of its own."""

    order = ("DTSTAMP", "CREATED", "UID", "SEQUENCE", "LAST-MODIFIED", "DESCRIPTION", "SUMMARY")

    def write(self, seen: Seen) -> bytes:
        self.later(seen)
        stamps = {"DTSTAMP": f":{self.modified}", "LAST-MODIFIED": f":{self.modified}"}
        event = {"CREATED": f":{self.modified}"} | seen.event | stamps
        for alarm in seen.alarms:
            alarm |= {"X-KDE-KCALCORE-ENABLED": ":TRUE"}
            if alarm["TRIGGER"].startswith(":"):
                alarm["TRIGGER"] = f";VALUE=DURATION{alarm['TRIGGER']}"
        content = ["BEGIN:VCALENDAR", "PRODID:-//K Desktop Environment//NONSGML libkcal 4.3//EN"]
        content += ["VERSION:2.0", "X-KDE-ICAL-IMPLEMENTATION-VERSION:1.0"]
        content += _zone() * seen.zoned
        content += ["BEGIN:VEVENT", *_lines(_ordered(event, self.order))]
        return joined([*content, *_alarms(seen.alarms), "END:VEVENT", "END:VCALENDAR"], octets=72)


def _named(alarm: Properties, number: int) -> str:
    """Return the UID of an alarm, which is given one where it has none."""
    return alarm.setdefault("UID", f":DE7B5C34-83FF-47FE-BE9E-FF41AE6DD{number:03}")


def instant(value: str) -> dt.datetime:
    """Return a time in UTC, or in the phone's zone."""
    zone = ZONE if "TZID" in value else dt.UTC
    digits = value.rpartition(":")[2].rstrip("Z")
    return dt.datetime.strptime(digits, "%Y%m%dT%H%M%S").replace(tzinfo=zone)


def _alarms(alarms: Iterable[Properties]) -> list[str]:
    return [x for one in alarms for x in ("BEGIN:VALARM", *_lines(one), "END:VALARM")]


def _zone(*own: str) -> list[str]:
    offsets = ["TZOFFSETFROM:+0200", "TZOFFSETTO:+0200", "TZNAME:SAST", "DTSTART:19700101T000000"]
    standard = ["BEGIN:STANDARD", *offsets, "END:STANDARD"]
    return ["BEGIN:VTIMEZONE", f"TZID:{ZONE.key}", *own, *standard, "END:VTIMEZONE"]
