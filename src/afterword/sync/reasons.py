"""Reasons for a write that did not happen, each with the next step."""

from __future__ import annotations

NOT_YET = "it could not be stored yet; the next run tries again"
REFUSED = "the server takes it under no UID that was tried; the next run tries others"
UNCLEAR = "it is not known yet whether it was stored; the next run looks"
HIDDEN = "the server took it, but does not show it yet; the next run looks again"
UNREADABLE = (
    "its event in the calendar has values that cannot be read, so it was left as it is; "
    "correct it there, or delete it and run this again"
)
RIVAL = (
    "the calendar has events of another application with this id (other company, role or "
    "interview), perhaps from another --data directory; nothing was written. Give this one "
    "another id, or, if it is the same application, take them over: afterword sync --adopt"
)
CALENDAR_GONE = (
    "There is no calendar any more at {url}, where our events were. If you removed it yourself, "
    "run it again with --allow-mass-delete: it is made anew, and the events that it had count as "
    "deleted by you. If you use another one now: afterword calendars. Nothing was changed."
)
EMPTY_FOLDER = (
    "There is no calendar file any more in {url}, where our events were. Is its disk connected? "
    "If you removed the files yourself, run it again with --allow-mass-delete: they count as "
    "deleted by you. Nothing was changed."
)
