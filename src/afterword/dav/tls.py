"""What a server's certificate says, and what to do about one that cannot be trusted."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from afterword.domain.sanitize import clean_line, for_terminal
from afterword.errors import RefusedError, UsageError

_OWN, _OWN_ROOT, _NO_ISSUER, _UNKNOWN_ROOT = 18, 19, 20, 21
_EXPIRED, _TOO_EARLY, _HOST, _ADDRESS = 10, 9, 62, 64
_NAME_IT = "a server of your own: name the file of its certificate with --ca-file"
_STEPS: Mapping[int, str] = {
    _OWN: f"{_NAME_IT}; any other: somebody may be in between, so do not go on",
    _OWN_ROOT: f"{_NAME_IT}; any other: somebody may be in between, so do not go on",
    _NO_ISSUER: f"{_NAME_IT}; any other: it does not send its issuer's, so tell who runs it",
    _UNKNOWN_ROOT: f"{_NAME_IT}; any other: it does not send its issuer's, so tell who runs it",
    _EXPIRED: "is this computer's clock right? Then tell whoever runs the server to renew it",
    _TOO_EARLY: "is this computer's clock right? It is before the certificate's first day",
    _HOST: "use the name that the certificate is for; your provider's help tells it",
    _ADDRESS: "use the server's name, which the certificate is for, not its number",
}


class UntrustedError(RefusedError):
    """Raised where the certificate of a server cannot be trusted; nothing was sent to it."""


@attrs.frozen(kw_only=True)
class TlsInfo:
    """A connection whose certificate was checked. `issuer` is "" where it names none."""

    protocol: str
    issuer: str
    ends: dt.datetime | None


def readable(file: str) -> str:
    """Return the file, if it holds certificates to trust. Raises UsageError if it does not."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError as error:
        why = "no certificates (PEM) are in it"
        if not isinstance(error, ssl.SSLError):
            why = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"the certificates to trust cannot be read from {file}: {why}") from None
    return file


def tls_info(connection: Any) -> TlsInfo | None:
    """Return what is known of a library's connection; None for one that is not encrypted."""
    protocol = getattr(connection, "tls_version", None)
    if protocol is None:
        return None
    told = connection.certificate_dict or {}
    return TlsInfo(
        protocol=str(getattr(protocol, "name", protocol)).replace("v1_", " 1."),
        issuer=_issuer(told.get("issuer", ())),
        ends=_ends(told.get("notAfter")),
    )


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error of the libraries, and those that it wraps, the innermost at last."""
    inner: BaseException | None = error
    while inner is not None:
        yield inner
        wrapped = (getattr(inner, "reason", None), *inner.args)
        inner = next((one for one in wrapped if isinstance(one, BaseException)), None)


def untrusted(where: str, error: BaseException) -> UntrustedError:
    """Return the refusal of a handshake that failed, with why and what to do next."""
    failed = next((one for one in causes(error) if isinstance(one, ssl.SSLError)), None)
    if not isinstance(failed, ssl.SSLCertVerificationError):
        reason = getattr(failed, "reason", None) or "no certificate was agreed on"
        return UntrustedError(
            f"{where} cannot be spoken to in private ({_plain(reason)}); nothing was sent. "
            "Is https:// right, and the port? Is this network the right one?"
        )
    step = _STEPS.get(failed.verify_code, f"is this computer's clock right? {_NAME_IT}")
    return UntrustedError(
        f"The certificate of {where} cannot be trusted ({_plain(failed.verify_message)}); nothing "
        f"was sent. What to do: {step}."
    )


def _plain(reason: object) -> str:
    return clean_line(str(reason)).replace("_", " ").lower().rstrip(".")[:200]


def _issuer(names: Any) -> str:
    """Return who signed it: the organisation, else the common name (RFC 5280 4.1.2.4)."""
    told = {name: value for pairs in names for name, value in pairs}
    named = told.get("organizationName") or told.get("commonName") or ""
    return for_terminal(clean_line(str(named)))[:100]


def _ends(value: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(value)), dt.UTC)
    except ValueError:
        return None
