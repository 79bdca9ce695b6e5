"""The checks of `afterword doctor` for a login to Google."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator

from afterword.errors import UsageError
from afterword.services.doctor.check_result import CheckResult, Verdict
from afterword.services.oauth import google_login
from afterword.services.run_context import RunContext
from afterword.system import clock

_LOG_IN = "log in: afterword calendars --server google"


def check_google(context: RunContext, user: str) -> Iterator[CheckResult]:
    """Yield the results for library, client and permission; nothing is sent."""
    from afterword.dav import google_oauth

    try:
        google_oauth.check_installed()
    except UsageError as error:
        yield CheckResult("google", Verdict.WRONG, error.message, error.notes)
        return
    version = importlib.metadata.version("google-auth-oauthlib")
    yield CheckResult("google", Verdict.OK, f"google-auth-oauthlib {version} is installed")
    client_id = context.settings.client_id
    permission, problem = google_login.saved_permission(user)
    if client_id:
        yield CheckResult("client", Verdict.OK, f"the client id is {client_id}")
    else:
        steps = ("create one (README, Google Calendar)", _LOG_IN)
        yield CheckResult("client", Verdict.LOOK, "no client id of your own is set", steps)
    if permission is None:
        message = problem or f"there is none for {user}"
        yield CheckResult("permission", Verdict.WRONG, message, (_LOG_IN,))
        return
    granted = permission.granted.astimezone(context.zone)
    if permission.ends is None:
        message = f"granted on {granted:%Y-%m-%d}, and Google named no end"
        yield CheckResult("permission", Verdict.OK, message)
        return
    is_over = permission.ends <= clock.now()
    ends = f"{permission.ends.astimezone(context.zone):%Y-%m-%d %H:%M}"
    yield CheckResult(
        "permission",
        Verdict.WRONG if is_over else Verdict.LOOK,
        f"{'ended' if is_over else 'ends'} on {ends}",
        (google_oauth.TESTING,),
    )
