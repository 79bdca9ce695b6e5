"""Events of every kind, as the planner makes them."""

from __future__ import annotations

import datetime as dt

from afterword.domain.calendar_model import Alarm, Event

STAMP = dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
LETTER = (
    "Send this by Wednesday 15:00. Already answered? Do not send.\n"
    "mailto:thandi@karoo.example?subject=Thank%20you\n\n"
    "Dear Thandi,\n\nthank you for the hour; the plan to move from print to podcasts, step by "
    "step, is one I would love to work on – the “bridge” you drew above all.\n\nKind regards,\n"
    "Zoë Müller-Łukasz 🎙️\n\nWhat would make it more personal?\n- Which sentence stayed with you?\n"
)
LINK = "mailto:thandi@karoo.example?subject=Thank%20you&body=Dear%20Thandi%2C%0D%0A%0D%0A100%25"


def uid(number: int) -> str:
    return f"{number:08x}-5f0e-5a3c-9b1d-0c2f4e6a8b0d"


ACT = Event(
    uid=uid(1),
    start=NOON,
    end=NOON + dt.timedelta(minutes=15),
    summary="Karoo: thank Thandi Nkosi by Wed 15:00",
    description=LETTER,
    stamp=STAMP,
    sequence=2,
    url=LINK,
    categories=("afterword", "Follow-up, unlogged"),
    alarm=Alarm(uid=uid(0x101), before=dt.timedelta(0), text="Karoo: thank Thandi Nkosi"),
)
FRAME = Event(
    uid=uid(2),
    start=NOON + dt.timedelta(hours=5),
    end=NOON + dt.timedelta(hours=5, minutes=30),
    summary="Karoo: last half hour to thank Thandi Nkosi",
    description="The deadline; the draft is in the event before.",
    stamp=STAMP,
    categories=("afterword",),
    alarm=Alarm(uid=uid(0x102), before=dt.timedelta(hours=2), text="Two hours left; then, rest"),
)
BAR = Event(
    uid=uid(3),
    start=dt.date(2026, 11, 29),
    end=dt.date(2026, 12, 2),
    summary="Karoo: follow up 29 Nov – 1 Dec",
    description="The window of the first follow-up.",
    stamp=STAMP,
    categories=("afterword",),
)
CANCELLED = Event(
    uid=uid(4),
    start=NOON + dt.timedelta(days=12),
    end=NOON + dt.timedelta(days=12, minutes=15),
    summary="Answered: Karoo: second follow-up",
    description="They answered on 2 December.",
    stamp=STAMP,
    sequence=3,
    alarm=Alarm(uid=uid(0x104), before=dt.timedelta(0), text="never rings"),
    cancelled=True,
)
PLAIN = Event(
    uid=uid(5),
    start=NOON + dt.timedelta(days=20),
    end=NOON + dt.timedelta(days=20, minutes=15),
    summary="カルー株式会社: 次へ進む — 응답이 없으면 잊으세요 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
    description="",
    stamp=STAMP,
    url="https://karoo.example/jobs?id=7&lang=en#apply",
)

KINDS = {"act": ACT, "frame": FRAME, "bar": BAR, "cancelled": CANCELLED, "plain": PLAIN}
