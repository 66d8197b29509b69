"""A real SMTP server in a process of its own that refuses some mails, cuts some connections, and keeps every copy.

    python -m benchmarks.kill_storm.mailserver FOLDER SEED REFUSED CUT

Writes its port to FOLDER/port, and to FOLDER/copies.jsonl one line per mail handed over to it, before it answers.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

_THINKS_S = 0.02


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail that the server has. `cut`: it lost the connection instead of answering."""

    recipient: str
    raw: bytes
    cut: bool


class Keeper:
    """aiosmtpd's callbacks: a share of the mails is refused in passing, a share is kept and the connection cut."""

    def __init__(self, folder: Path, seed: int, refused: float, cut: float) -> None:
        self._file = (folder / "copies.jsonl").open("a", buffering=1)
        self._random = random.Random(seed)
        self._refused, self._cut = refused, cut

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Refuse half of those to be refused here."""
        if self._random.random() < self._refused / 2:
            return "451 4.7.1 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Refuse the other half here; keep the mail and cut, or keep it and say so."""
        if self._random.random() < self._refused / 2:
            return "452 4.2.0 not now"
        cut = self._random.random() < self._cut
        await self._think()
        raw = b64encode(envelope.content).decode()
        self._file.write(json.dumps({"to": envelope.rcpt_tos[0], "cut": cut, "raw": raw}) + "\n")
        await self._think()
        if cut:
            server.transport.abort()
        return "250 kept"

    async def _think(self) -> None:
        """Servers take their time, before they have a mail and before they say so: kills find both."""
        await asyncio.sleep(self._random.uniform(0, _THINKS_S))


def copies(folder: Path) -> Iterator[Copy]:
    """All mails that the server has, in the order in which they came."""
    with (folder / "copies.jsonl").open() as lines:
        for line in lines:
            one = json.loads(line)
            yield Copy(one["to"], b64decode(one["raw"]), one["cut"])


async def serve(folder: Path, seed: int, refused: float, cut: float) -> None:
    """Serve until killed."""
    keeper = Keeper(folder, seed, refused, cut)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, hostname="storm.test"), "127.0.0.1", 0)
    (folder / "port.new").write_text(str(server.sockets[0].getsockname()[1]))
    (folder / "port.new").rename(folder / "port")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
