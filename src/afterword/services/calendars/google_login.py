"""Log in to Google with the user's own client; the permission is saved in the keyring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from afterword.errors import InputError, LoginError, UsageError
from afterword.services.run_context import RunContext
from afterword.settings import loader
from afterword.system import atomic_files, credentials
from afterword.system.credentials import Account, Password

if TYPE_CHECKING:
    from afterword.dav.connection_settings import AccessTokens
    from afterword.dav.google_oauth import Connect, OAuthClient, Permission

SOURCE = "by Google, for the permission in the keyring"
"""The source of access tokens, as a phrase."""

_HOST = "apidata.googleusercontent.com"
_LARGEST = 100_000
_TERMINAL = "on a terminal, log in once: afterword calendars --server google"
BY_FILE = "or write a file, and import it in Google Calendar: afterword export -o job-search.ics"


def google_tokens(user: str, connect: Connect) -> AccessTokens:
    """Return the access tokens of a user who has logged in before; nothing is sent yet.

    Raises UsageError if there is no permission in the keyring.
    """
    from afterword.dav import google_oauth

    google_oauth.check_installed()
    permission, problem = saved_permission(user)
    if permission is None:
        raise UsageError(
            f"there is no permission of Google for {user}", [problem or _TERMINAL, BY_FILE]
        )
    return _tokens(permission, connect)


def saved_permission(user: str) -> tuple[Permission | None, str]:
    """Return the permission in the keyring, if any, and the problem with the keyring or ""."""
    from afterword.dav.google_oauth import Permission

    saved, problem = credentials.saved_password(_account(user))
    return (Permission.from_json(saved.reveal()) if saved else None), problem


def check_available(context: RunContext) -> None:
    """Raise UsageError, with the next step, if the library or a keyring is missing."""
    from afterword.dav import google_oauth

    google_oauth.check_installed()
    if not credentials.keyring_available():
        raise UsageError(
            "the permission of Google is saved in a keyring, and there is none that can be used",
            [
                f"to install one: {credentials.KEYRING_INSTALL}",
                f"or set token_command below [calendar] in {context.locations.settings}",
                BY_FILE,
            ],
        )


def log_in(
    context: RunContext,
    user: str,
    connect: Connect,
    client_file: Path | None,
    *,
    check: Callable[[AccessTokens], None],
    save: bool,
) -> AccessTokens:
    """Return the access tokens of an account, asking for consent in the browser if need be.

    Call `check_available` before. A given client file always leads to the browser. `connect`
    returns a client without a login; `check` raises LoginError for tokens of another account;
    `save` saves the new permission.
    """
    from afterword.dav import google_oauth

    client = _read_client(client_file) if client_file else None
    permission, _ = saved_permission(user)
    if permission and client is None:
        try:
            return _tokens(permission, connect, google_oauth.fetch_token(permission, connect))
        except LoginError as error:
            if not context.ui.can_ask():
                raise
            context.ui.notify(error.message)
            client = permission.client
    if not context.ui.can_ask():
        raise UsageError("Google asks for your consent in a browser", [_TERMINAL, BY_FILE])
    permission, token = google_oauth.ask_consent(
        client or _ask_client(context),
        user,
        connect,
        show_page=lambda url: _show_page(context, url),
        now=context.now,
    )
    tokens = _tokens(permission, connect, token)
    check(tokens)
    if save:
        _save(context, user, permission, client_file)
    return tokens


def _tokens(permission: Permission, connect: Connect, token: str | None = None) -> AccessTokens:
    from afterword.dav import google_oauth
    from afterword.dav.connection_settings import AccessTokens

    return AccessTokens(lambda: google_oauth.fetch_token(permission, connect), token)


def _account(user: str) -> Account:
    return Account(user.casefold(), _HOST)


def _show_page(context: RunContext, url: str) -> None:
    notify = context.ui.notify
    notify(
        "Agree in your browser, and tick the box for your calendars. Google warns that it has not "
        "verified the app, as it is your own: Advanced, Go to the app. If no page opens:"
    )
    notify(f"  {url}")
    context.ui.open_page(url)


def _ask_client(context: RunContext) -> OAuthClient:
    """Return the client of the settings or the answer; a secret is typed without an echo."""
    from afterword.dav.google_oauth import OAuthClient

    answer = context.settings.client_id or context.ui.ask(
        "The JSON file of your client at Google, or its client id", _parse_answer
    )
    if isinstance(answer, OAuthClient):
        return answer
    secret = context.ui.ask_password(f"Client secret of {answer}").strip()
    if not secret:
        raise UsageError("a client has a secret; the JSON file of the client has both")
    return OAuthClient(client_id=answer, client_secret=secret)


def _parse_answer(answer: str) -> OAuthClient | str:
    """Return the client in a file, or the client id that was typed. Raises UsageError."""
    if answer.endswith(".apps.googleusercontent.com") and not Path(answer).exists():
        return answer
    return _read_client(Path(answer))


def _read_client(path: Path) -> OAuthClient:
    from afterword.dav import google_oauth

    try:
        data = atomic_files.read_file(path.expanduser(), at_most=_LARGEST)
    except InputError as error:
        raise UsageError(error.message) from None
    return google_oauth.parse_client_file(data, str(path))


def _save(context: RunContext, user: str, permission: Permission, client_file: Path | None) -> None:
    credentials.save_password(_account(user), Password(permission.to_json(), credentials.GRANTED))
    settings = context.locations.settings
    loader.save_settings(settings, {"calendar.client_id": permission.client.client_id})
    context.ui.notify("The permission of Google is stored in the keyring.")
    if client_file:
        context.ui.notify(f"The client's secret is there too; {client_file} can be deleted.")
    if permission.ends:
        context.ui.notify(
            f"It ends on {permission.ends.astimezone(context.zone):%Y-%m-%d}, because your app is "
            'in "Testing": publish it ("In production") at '
            "https://console.cloud.google.com/auth/audience, and log in again."
        )
