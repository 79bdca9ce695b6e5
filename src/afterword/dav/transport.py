"""The one module that talks to the caldav library, and through it to the network.

What the library does not do for a program that must not lose anything is done
around it: no redirect is followed, a page is no answer, no answer is endless in
size, a password goes to nobody else, and every failure comes as one of ours.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import caldav
import caldav.lib.error
import niquests
import niquests.auth
from caldav.davclient import DAVClient

from afterword.dav import responses
from afterword.dav.client import ConnectionSettings
from afterword.dav.responses import ConnectionLostError, DavResponse
from afterword.dav.tls import untrusted
from afterword.dav.url_policy import host_of, is_loopback

# It can write requests and answers, with the person's words in them, to files and to the log.
caldav.lib.error.debug_dump_communication = False
logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)


class CaldavTransport:
    """One connection, with all that the library knows of logins, proxies and certificates."""

    def __init__(self, peer: ConnectionSettings) -> None:
        """Speak to that side; nothing is sent yet."""
        self._peer = peer
        self._client = _client(peer)

    def send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> DavResponse:
        """Return an answer of the 200s; raise one of our errors for anything else."""
        client: Any = self._client
        try:
            answer = client.request(url, method, body, dict(headers))
        except Exception as error:  # noqa: BLE001 - raised again, in our words if we have any
            self._client.close()
            raise _translated(self._peer.origin, error) from None
        body = answer._raw_body  # noqa: SLF001 - there is no other way to the bytes of an object
        return DavResponse(etag=answer.headers.get("ETag"), tree=answer.tree, body=bytes(body))

    def close(self) -> None:
        """Let go of the other side."""
        self._client.close()


def _client(peer: ConnectionSettings) -> DAVClient:
    client = DAVClient(
        peer.origin,
        auth=_auth(peer),
        timeout=(peer.limits.connect, peer.limits.read),  # type: ignore[arg-type]
        ssl_verify_cert=peer.trusted or True,
        headers={"User-Agent": "afterword", "Accept-Encoding": "identity"},
        enable_rfc6764=False,
        rate_limit_handle=False,
    )
    client.session.close()
    # No upgrade to other transports, no cookies, and no questions to third parties.
    client.session = niquests.Session(
        disable_http3=True, allow_incoming_cookies=False, revocation_configuration=None
    )
    # What is on this machine is not asked for elsewhere, least of all with the password.
    client.session.trust_env = not is_loopback(host_of(peer.origin))
    send = client.session.request

    def send_checked(method: Any, url: str, **options: Any) -> Any:
        response: Any = send(method, url, **options, stream=True, allow_redirects=False)
        peer.seen((response.headers.get("Date", ""), response.conn_info))
        content = responses.read_checked_body(response, peer.origin, peer.now)
        response._content = content  # noqa: SLF001 - the library reads it from there
        response._content_consumed = True  # noqa: SLF001
        return response

    client.session.request = send_checked  # type: ignore[method-assign, assignment]
    return client


def _auth(peer: ConnectionSettings) -> niquests.auth.AuthBase:
    """Return what signs a request: never anything from ~/.netrc, not even without a login."""
    if peer.login is None:
        return _Unsigned()
    kind = niquests.auth.HTTPDigestAuth if peer.digest else niquests.auth.HTTPBasicAuth
    return kind(peer.login.user, peer.login.password)


class _Unsigned(niquests.auth.AuthBase):
    """Leaves a request as it is."""

    def __call__(self, request: Any) -> Any:
        return request


def _translated(where: str, error: Exception) -> Exception:
    """Return what an error of the libraries means; one that is none of theirs is as it was."""
    if isinstance(error, niquests.exceptions.SSLError):
        return untrusted(where, error)
    if isinstance(error, OSError | niquests.exceptions.RequestException):
        return ConnectionLostError(
            responses.connection_lost_message(where, responses.root_cause(error))
        )
    if isinstance(error, caldav.lib.error.DAVError | SyntaxError | ValueError | TypeError):
        return responses.invalid_response_error(where, error)
    return error
