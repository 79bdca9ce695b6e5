"""The least that a first sync can cost: `python -m tests.benchmarks.puts PORT FOLDER [COUNT]`.

Sends each file of the folder over COUNT connections that stay open, and reads
no more of an answer than has to be read.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.distant import CALENDAR


async def _send(port: int, files: Iterator[Path]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    for file in files:
        body = file.read_bytes()
        head = (
            f"PUT {CALENDAR}raw-{file.name} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Authorization: Basic dXNlcjp1c2Vy\r\nContent-Type: text/calendar; charset=utf-8\r\n"
            f"If-None-Match: *\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.split(b" ", 2)[1] in {b"201", b"412"}, answer
        count += 1
    writer.close()
    return count


async def main(port: int, files: Iterator[Path], count: int) -> None:
    sent = await asyncio.gather(*(_send(port, files) for _ in range(count)))
    print(sum(sent))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), iter(sorted(Path(sys.argv[2]).iterdir())), int(sys.argv[3])))
