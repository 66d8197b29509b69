"""A mail server that fails at whatever step it is told to, and an outbox of real rows that are sent to it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from alerts.channels.email import (
    EmailChannel,
    Envelope,
    SmtpSettings,
    TlsMode,
    build_message,
    message_id,
)
from alerts.deliver import DeliveryReport, deliver
from alerts.digest import RenderedMail
from alerts.outbox import DeliveryState
from alerts.subscription import Recipient
from pipeline.store import DeliveryRecord, NewDelivery, NewDigest, Store, open_store

START = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


class Script:
    """What a mail server does otherwise, by step, and what it took over.

    Attributes:
        always: by step (``banner EHLO STARTTLS AUTH MAIL RCPT DATA .``, or a recipient's address): an answer in place
            of the right one, or ``stall``, ``cut``, ``trickle``. After ``.`` all but 4xx and 5xx keep the mail.
        next_times: the same for the next few times only; None stands for the right answer.
        mails: (envelope sender, recipient, bytes) of every mail taken over.
        heard: the commands, as they came.
        connections: those that said EHLO.
    """

    def __init__(self) -> None:
        self.always: dict[str, str] = {}
        self.next_times: dict[str, list[str | None]] = {}
        self.mails: list[tuple[str, str, bytes]] = []
        self.heard: list[str] = []
        self.connections = 0

    def at(self, step: str) -> str | None:
        if waiting := self.next_times.get(step):
            return waiting.pop(0)
        return self.always.get(step)

    def message_ids(self) -> set[str]:
        return {message_from_bytes(raw, policy=policy.default)["Message-ID"] for _, _, raw in self.mails}

    async def handle_DATA(self, server: Scripted, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        what = self.at(".")
        if what is None or what[:1] not in "45":
            self.mails.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        if what in {"cut", "stall", "trickle"}:
            await server.misbehave(what)
        return what or "250 queued"


class Scripted(SMTP):
    """aiosmtpd's server, following a script."""

    def __init__(self, script: Script, **settings: Any) -> None:
        super().__init__(script, **settings)
        self.script = script
        self.greeted = False

    async def push(self, status: Any) -> None:
        if not self.greeted:
            self.greeted = True
            if await self.instead("banner"):
                return
        await super().push(status)

    async def instead(self, step: str, heard: str = "") -> bool:
        self.script.heard.append(f"{step} {heard}".strip())
        what = self.script.at(step)
        if what is None:
            return False
        await self.misbehave(what)
        return True

    async def misbehave(self, what: str) -> None:
        if what == "cut":
            self.transport.abort()
        elif what == "stall":
            await asyncio.sleep(20)
        elif what == "trickle":
            while not self.transport.is_closing():
                self._writer.write(b"250-x\r\n"[:1])
                await asyncio.sleep(0.05)
        else:
            await super().push(what)
            if what.startswith("421"):
                self.transport.close()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's name
        self.script.connections += 1
        if not await self.instead("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if self.script.at("handshake"):
            await super().push("220 Go ahead")
            self.transport.abort()
        elif not await self.instead("STARTTLS"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        said = self.script.at("AUTH")
        if said is None:
            await super().smtp_AUTH(arg)
        else:  # a server that repeats what it was told
            await super().push(f"{said} {arg.rsplit(maxsplit=1)[-1]}")

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self.instead("MAIL", arg or ""):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        for address in list(self.script.always):
            if "@" in address and address in (arg or ""):
                await self.misbehave(self.script.always[address])
                return
        if not await self.instead("RCPT", arg or ""):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self.instead("DATA"):
            await super().smtp_DATA(arg)


class ScriptedController(Controller):
    def factory(self) -> SMTP:
        return Scripted(self.handler, **self.SMTP_kwargs)


class Office:
    """An outbox on disk, a clock in the hand, and the mail server beside it."""

    def __init__(self, store: Store, script: Script, port: int) -> None:
        self.store, self.script, self.now = store, script, START
        self.settings: dict[str, Any] = {
            "port": port,
            "tls": TlsMode.NONE,
            "timeout_s": 5,
            "data_timeout_s": 5,
        }
        self.store.digests.register(["desk"], START)
        self._digests = 0

    def clock(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def write(self, *addresses: str, html: str = "<p>h</p>\n") -> None:
        """One digest with a mail for each of them."""
        self._digests += 1
        number = self._digests
        mails = [self._mail(f"d{number}", Recipient(address), html) for address in addresses]
        end = START + timedelta(seconds=number)
        digest = NewDigest(f"d{number}", "desk", end - timedelta(seconds=1), end, ())
        assert self.store.digests.save(digest, mails, self.now)

    def _mail(self, digest: str, reader: Recipient, html: str) -> NewDelivery:
        known_as = message_id(digest, reader, "example.org")
        envelope = Envelope(
            sender=Recipient("tipwatch@example.org"),
            recipient=reader,
            message_id=known_as,
            date=START,
            list_id="desk.example.org",
        )
        raw = build_message(RenderedMail("News", "The text of the digest\n.\n..dots\n", html), envelope)
        return NewDelivery(reader, "smtp", known_as, "News", f"{digest}-{reader.address}", raw)

    def send(self, **settings: Any) -> DeliveryReport:
        """One round."""
        smtp = SmtpSettings("127.0.0.1", **{**self.settings, **settings})
        return deliver(self.store.outbox, {"smtp": EmailChannel(smtp)}, self.clock)

    def rows(self) -> list[DeliveryRecord]:
        return sorted(self.store.outbox.listed(limit=10_000), key=lambda row: row.id)

    @property
    def row(self) -> DeliveryRecord:
        (only,) = self.rows()
        return only

    def states(self) -> list[DeliveryState]:
        return [row.state for row in self.rows()]

    def wait(self, row: DeliveryRecord | None = None) -> timedelta | None:
        """How long a row waits from now on; None when it waits for nothing."""
        at = (row or self.row).next_try_at
        return None if at is None else at - self.now


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def scripted_server(script: Script, unused_port: int) -> Iterator[Callable[..., int]]:
    """Starts the server that follows the script, with settings of aiosmtpd, and gives its port."""
    running: list[Controller] = []

    def start(**settings: Any) -> int:
        controller = ScriptedController(
            script, hostname="127.0.0.1", port=unused_port, server_hostname="mail.test", **settings
        )
        controller.start()
        running.append(controller)
        return unused_port

    yield start
    for controller in running:
        controller.stop(no_assert=True)


@pytest.fixture
def office_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(sqlite_template, tmp_path / "office.db")
    with open_store(f"sqlite:///{tmp_path / 'office.db'}", now=lambda: START) as store:
        yield store


@pytest.fixture
def office(office_store: Store, script: Script, scripted_server: Callable[..., int]) -> Office:
    """An outbox whose server speaks without TLS."""
    return Office(office_store, script, scripted_server())


@pytest.fixture
def new_office(office_store: Store, script: Script) -> Callable[[int], Office]:
    """An outbox whose server listens at that port."""
    return lambda port: Office(office_store, script, port)
