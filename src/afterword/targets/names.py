"""Whether the name of a server leads anywhere, which is the first thing that can go wrong."""

from __future__ import annotations

import socket

from afterword.errors import RefusedError, TryLaterError
from afterword.targets.lines import Worker

_PATIENCE = 15.0


def system(host: str) -> list[str]:
    """Ask the system, which asks its files and its name servers."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def addresses(host: str) -> list[str]:
    """Return the addresses of a host.

    Raises RefusedError for a name that nobody knows, and TryLaterError where
    nobody could be asked; both say what to do next.
    """
    worker = Worker()
    try:
        return worker.within(_PATIENCE, lambda: system(host), lambda: None)
    except TimeoutError:
        raise _offline(host) from None
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise _offline(host) from None
    except (OSError, UnicodeError):
        pass
    finally:
        worker.stop()
    raise RefusedError(
        f"no server is called {host}",
        [
            "is the address spelt as your provider's help has it?",
            "does any page open in your browser? If not, you are offline",
        ],
    )


def _offline(host: str) -> TryLaterError:
    return TryLaterError(
        f"the name {host} could not be looked up: this computer seems to be offline",
        ["try again when you are online"],
    )
