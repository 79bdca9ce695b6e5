"""Facts about a server's TLS certificate, and advice if it cannot be trusted."""

from __future__ import annotations

import datetime as dt
import os
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from afterword.domain.sanitize import clean_line, for_terminal
from afterword.errors import RefusedError, UsageError

_NAME_IT = "a server of your own: name the file of its certificate with --ca-file"
_OWN = f"{_NAME_IT}; any other: somebody may be in between, so do not go on"
_ASK_FOR_ISSUER = f"{_NAME_IT}; any other: it does not send its issuer's, so ask its administrator"
# By the code of the failure, X509_V_ERR in OpenSSL.
_STEPS: Mapping[int, str] = {
    9: "is this computer's clock right? It is before the certificate's first day",
    10: "is this computer's clock right? Then ask the server's administrator to renew it",
    18: _OWN,
    19: _OWN,
    20: _ASK_FOR_ISSUER,
    21: _ASK_FOR_ISSUER,
    62: "use the name that the certificate is for; your provider's help tells it",
    64: "use the server's name, which the certificate is for, not its number",
}


class UntrustedError(RefusedError):
    """Raised if the certificate of a server cannot be trusted; nothing was sent to it."""


class TlsInfo(NamedTuple):
    """A connection whose certificate was verified. `issuer` is "" if it names none."""

    protocol: str
    issuer: str
    ends: dt.datetime | None


def readable(file: str) -> str:
    """Return the file if it holds certificates to trust. Raises UsageError if it does not."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError as error:
        why = "no certificates (PEM) are in it"
        if not isinstance(error, ssl.SSLError):
            why = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"the certificates to trust cannot be read from {file}: {why}") from None
    return file


def environment_ca_file() -> str | None:
    """Return the file that SSL_CERT_FILE names, as OpenSSL reads it; None if there is none."""
    file = os.environ.get("SSL_CERT_FILE", "")
    return file if Path(file).is_file() else None


def tls_info(connection: Any) -> TlsInfo | None:
    """Return the certificate of a niquests connection; None if it is not encrypted."""
    protocol = getattr(connection, "tls_version", None)
    if protocol is None:
        return None
    certificate = connection.certificate_dict or {}
    return TlsInfo(
        protocol=str(getattr(protocol, "name", protocol)).replace("v1_", " 1."),
        issuer=_issuer(certificate.get("issuer", ())),
        ends=_ends(certificate.get("notAfter")),
    )


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error of the libraries and the errors that it wraps, the innermost last."""
    inner: BaseException | None = error
    while inner is not None:
        yield inner
        wrapped = (getattr(inner, "reason", None), *inner.args)
        inner = next((cause for cause in wrapped if isinstance(cause, BaseException)), None)


def untrusted(where: str, error: BaseException) -> UntrustedError:
    """Return the error for a failed handshake, with the reason and the next step."""
    failed = next((cause for cause in causes(error) if isinstance(cause, ssl.SSLError)), None)
    if not isinstance(failed, ssl.SSLCertVerificationError):
        reason = getattr(failed, "reason", None) or "no certificate was agreed on"
        return UntrustedError(
            f"{where} does not answer with encryption ({_plain(reason)}); nothing was sent. "
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
    """Return the issuer's organisation, else its common name (RFC 5280 4.1.2.4)."""
    attributes = {name: value for pairs in names for name, value in pairs}
    name = attributes.get("organizationName") or attributes.get("commonName") or ""
    return for_terminal(clean_line(str(name)))[:100]


def _ends(value: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(value)), dt.UTC)
    except ValueError:
        return None
