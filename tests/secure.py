"""Certificates for servers on loopback, made for one test run and kept by nobody."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

import trustme

NAMES = ("localhost", "127.0.0.1")


def authority(folder: Path) -> tuple[trustme.CA, Path]:
    """Return somebody who issues certificates, and the file by which one may trust them."""
    made = trustme.CA(organization_name="Test & Sons")
    file = folder / "authority.pem"
    made.cert_pem.write_to_path(file)
    return made, file


def identity(issuer: trustme.CA, *names: str, ends: dt.datetime | None = None) -> ssl.SSLContext:
    """Return what a server of these names shows, loopback's if none are given."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    begins = ends and ends - dt.timedelta(days=90)
    issuer.issue_cert(*(names or NAMES), not_before=begins, not_after=ends).configure_cert(context)
    return context


def self_signed(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return what a server shows that vouches for itself, and the file of its certificate."""
    made = trustme.CA()
    file = folder / "both.pem"
    file.write_bytes(made.private_key_pem.bytes() + made.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, file
