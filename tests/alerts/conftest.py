"""A day's digest of our own writing in five languages, and real mail servers that behave well and badly."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alerts.digest import Copy, Digest, DigestEntry, Reason, Segment


def segments(text: str) -> tuple[Segment, ...]:
    """`text` cut at its asterisks: what stands between two of them is marked."""
    return tuple(Segment(part, n % 2 == 1) for n, part in enumerate(text.split("*")) if part)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _copy(outlet: str, url: str, facts: tuple[str, str, str], when: str | None, title: str = "") -> Copy:
    language, country, relation = facts
    return Copy(outlet, url, title, language, country, relation, at(when) if when else None)


def _committee() -> DigestEntry:
    return DigestEntry(
        story_id="s1",
        headline=segments(
            "UN committee backs *Belarus* text on coordinating action against *trafficking in persons*"
        ),
        url="https://www.azernews.az/region/218001.html",
        outlet="Azernews",
        country="AZ",
        language="en",
        published_at=at("2026-11-22T16:45"),
        precision="minute",
        lead=segments(
            "The Third Committee of the *UN General Assembly* adopted by consensus a *resolution* that asks "
            "states to coordinate their work against *trafficking in persons*. The text was tabled by Belarus "
            "and gathered co-sponsors from four regions before it was put to the meeting in New York."
        ),
        why=(
            Reason(
                "Trafficking in persons",
                segments("… their work against *trafficking in persons*. The text …"),
            ),
            Reason(
                "Resolution adopted", segments("… *adopted by consensus a resolution* that asks states …")
            ),
            Reason("UN General Assembly", segments("The *Third Committee* of the *UN General Assembly* …")),
        ),
        score=0.94,
        topics=("Trafficking resolutions",),
        credits=("BelTA",),
        copies=(
            _copy(
                "MENAFN",
                "https://menafn.com/1107403000/un-committee",
                ("en", "JO", "reprint"),
                "2026-11-22T18:55",
            ),
            _copy(
                "SB. Belarus Today",
                "https://www.sb.by/articles/v-oon-prinyata.html",
                ("ru", "BY", "report"),
                "2026-11-22T22:49",
                "В Нью-Йорке поддержан проект белорусской резолюции против торговли людьми",
            ),
            _copy("Xalq", "https://xalq.example.az/bmt", ("az", "AZ", "reprint"), None),
        ),
        first_seen_at=at("2026-11-22T17:02"),
    )


def _russian() -> DigestEntry:
    return DigestEntry(
        story_id="s2",
        headline=segments(
            "В Минске обсудили выполнение *Глобального плана действий* против *торговли людьми*"
        ),
        url="https://belta.by/society/view/v-minske-obsudili-700001-2026/",
        outlet="БЕЛТА",
        country="BY",
        language="ru",
        published_at=at("2026-11-23T04:12"),
        precision="second",
        lead=segments(
            "Представители семи ведомств сверили, что сделано за год по *Глобальному плану действий* ООН. "
            "Речь шла о помощи пострадавшим и об обмене сведениями между странами, через которые проходят "
            "пути *торговли людьми*."
        ),
        why=(Reason("Trafficking in persons", segments("… проходят пути *торговли людьми*.")),),
        score=0.81,
        topics=("Trafficking resolutions", "Trafficking news"),
        credits=(),
        copies=(),
        first_seen_at=at("2026-11-23T04:20"),
    )


def _arabic() -> DigestEntry:
    return DigestEntry(
        story_id="s3",
        headline=segments("لجنة أممية تعتمد قرارا بشأن مكافحة *الاتجار بالأشخاص*"),
        url="https://www.alsabah.example.com.eg/news/5512",
        outlet="Al-Sabah",
        country="EG",
        language="ar",
        published_at=at("2026-11-21T22:00"),
        precision="day",
        lead=segments(
            "وافقت اللجنة الثالثة للجمعية العامة على نص يدعو الدول إلى تنسيق جهودها في مواجهة *الاتجار بالأشخاص* "
            "وتقديم العون للضحايا، وذلك من دون تصويت."
        ),
        why=(
            Reason(
                "Trafficking in persons", segments("… جهودها في مواجهة *الاتجار بالأشخاص* وتقديم العون …")
            ),
        ),
        score=0.77,
        topics=("Trafficking resolutions",),
        credits=("MENA",),
        copies=(
            _copy(
                "新闻晨报",
                "https://news.例子.cn/2026/resolution",
                ("zh", "CN", "report"),
                "2026-11-22T09:00",
                "联合国委员会通过打击人口贩运决议，呼吁各国加强协调",
            ),
        ),
        first_seen_at=at("2026-11-22T06:00"),
    )


def _azerbaijani() -> DigestEntry:
    return DigestEntry(
        story_id="s4",
        headline=segments("*İnsan alverinə* qarşı yeni qətnamə layihəsi müzakirəyə çıxarıldı"),
        url="https://xalq.example.az/siyaset/insan-alveri",
        outlet="Xalq",
        country="AZ",
        language="az",
        published_at=None,
        precision=None,
        lead=segments("Sənəddə zərərçəkmişlərə yardım və dövlətlərin əlaqəli işi nəzərdə tutulur."),
        why=(),
        score=0.62,
        topics=("Trafficking resolutions",),
        credits=(),
        copies=(),
        first_seen_at=at("2026-11-23T02:00"),
    )


def _chinese() -> DigestEntry:
    return DigestEntry(
        story_id="s5",
        headline=segments("多国代表在纽约呼吁落实打击*人口贩运*全球行动计划"),
        url="https://news.xn--fsqu00a.cn/2026/plan",
        outlet="新闻晨报",
        country="CN",
        language="zh",
        published_at=at("2026-11-23T01:30"),
        precision="minute",
        lead=segments(
            "与会代表表示，各国应当交换信息，保护受害者，并为执行全球行动计划提供资金。"
            "会议没有表决，文件将提交大会全体会议，届时还将听取秘书长关于打击*人口贩运*的报告。"
        ),
        why=(Reason("Trafficking in persons", segments("……关于打击*人口贩运*的报告。")),),
        score=0.58,
        topics=("Trafficking news",),
        credits=(),
        copies=(),
        first_seen_at=at("2026-11-23T01:40"),
    )


@pytest.fixture
def day_digest() -> Digest:
    return Digest(
        id="desk-20261123T0430Z",
        subscription_id="desk",
        title="Trafficking resolutions, daily",
        window_start=at("2026-11-22T04:30"),
        window_end=at("2026-11-23T04:30"),
        timezone="Europe/Minsk",
        entries=(_committee(), _russian(), _arabic(), _azerbaijani(), _chinese()),
        left_out=2,
        articles_read=412,
        sources_read=37,
        silent_sources=("Ruh News", "Harbour Post"),
    )


class Sink:
    """A mail server's memory, with a way to answer each step otherwise.

    Attributes:
        mails: (envelope sender, recipients, bytes) of every mail taken over.
        on_rcpt, on_data: answers in place of 250; ``cut`` loses the connection and ``stall`` never answers, in
            `on_data` after the mail was taken.
    """

    def __init__(self, on_rcpt: str = "", on_data: str = "") -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.connections = 0
        self.on_rcpt = on_rcpt
        self.on_data = on_data

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's name
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if self.on_rcpt == "cut":
            server.transport.abort()
            return "250 too late"
        if self.on_rcpt:
            return self.on_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.on_data[:1].isdigit():
            return self.on_data
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if self.on_data == "cut":
            server.transport.abort()
        elif self.on_data == "stall":
            await asyncio.sleep(5)
        return "250 queued"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def unused_port() -> int:
    return _free_port()


@pytest.fixture
def mail_server() -> Iterator[Callable[..., int]]:
    """Starts a real SMTP server with that sink on loopback, and gives its port."""
    running: list[Controller] = []

    def start(sink: Sink, **settings: Any) -> int:
        port = _free_port()  # the controller cannot start on port 0
        controller = Controller(
            sink, hostname="127.0.0.1", port=port, server_hostname="sink.test", **settings
        )
        controller.start()
        running.append(controller)
        return port

    yield start
    for controller in running:
        controller.stop(no_assert=True)


@pytest.fixture(scope="session")
def new_sink() -> type[Sink]:
    return Sink


@dataclass(frozen=True)
class Certificates:
    """Server contexts by kind, and the authority that clients may trust."""

    authority: Path
    good: ssl.SSLContext
    expired: ssl.SSLContext
    other_host: ssl.SSLContext
    self_signed: ssl.SSLContext


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    authority_key = ec.generate_private_key(ec.SECP256R1())
    today = datetime.now(UTC)

    def issue(name: str, host: str, *, days: int = 30, own: bool = False, ca: bool = False) -> Path:
        key = authority_key if ca else ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = (
            subject if own or ca else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        )
        alternative = x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - timedelta(days=60))
            .not_valid_after(today + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
            .sign(key if own or ca else authority_key, hashes.SHA256())
        )
        path = folder / f"{name.replace(' ', '-')}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    def serving(path: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    authority = folder / "authority.pem"
    pem = issue("Test authority", "ca.test", ca=True).read_bytes()
    authority.write_bytes(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
    return Certificates(
        authority=authority,
        good=serving(issue("good", "127.0.0.1")),
        expired=serving(issue("expired", "127.0.0.1", days=-1)),
        other_host=serving(issue("other host", "mail.elsewhere.test")),
        self_signed=serving(issue("self signed", "127.0.0.1", own=True)),
    )
