"""The cheapest server that looks like a calendar's: `python -m tests.benchmarks.distant [DELAY]`.

It listens on a port of its own, prints it, keeps ETags and no bodies, and checks
nothing: what is measured against it is what a client costs by itself. DELAY is
what each answer is held back, in seconds, as by a way that is long.
"""

from __future__ import annotations

import asyncio
import re
import sys

CALENDAR = "/user/jobs/"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ITSELF = (
    f"<response><href>{CALENDAR}</href><propstat><prop><resourcetype><collection/>"
    '<calendar xmlns="urn:ietf:params:xml:ns:caldav"/></resourcetype></prop>'
    "<status>HTTP/1.1 200 OK</status></propstat></response>"
)
_XML = "Content-Type: application/xml\r\n"


class Distant:
    """One calendar, as numbers by path."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.etags: dict[str, int] = {}
        self.requests = 0

    def answer(self, method: str, path: str, head: bytes) -> tuple[int, str, str]:
        """Return status, further headers, and body."""
        self.requests += 1
        if method == "PUT":
            if path in self.etags and b"\r\nif-none-match: *" in head.lower():
                return 412, "", ""
            self.etags[path] = self.requests
            return 201, f'ETag: "{self.requests}"\r\n', ""
        if method == "REPORT":
            token = f"<sync-token>t:{self.requests}</sync-token>"
            return 207, _XML, f'<multistatus xmlns="DAV:">{token}</multistatus>'
        if method == "PROPFIND" and path == CALENDAR:  # the look of a dry run, while all is new
            return 207, _XML, f'<multistatus xmlns="DAV:">{_ITSELF}</multistatus>'
        return 404, "", ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                await reader.readexactly(int(length[1]) if length else 0)
                await asyncio.sleep(self.delay)
                method, path = head.decode("latin-1").split(" ", 2)[:2]
                status, headers, body = self.answer(method, path, head)
                text = f"HTTP/1.1 {status} x\r\n{headers}Content-Length: {len(body)}\r\n\r\n{body}"
                writer.write(text.encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def main(delay: float) -> None:
    server = await asyncio.start_server(Distant(delay).serve, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if sys.argv[1:] else 0.0))
