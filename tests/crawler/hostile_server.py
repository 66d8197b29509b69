"""One loopback server that plays all hosts of a group: one behaviour for each host and path, plain and over TLS."""

from __future__ import annotations

import asyncio
import datetime
import gzip
import ipaddress
import ssl
import sys
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ARTICLE = (
    "<!doctype html><html lang=en><head><title>Assembly adopts a text</title></head><body><h1>Assembly adopts a text</h1>"
    + "<p>The assembly adopted on Friday a text of our own making after a long day of talks in the large hall.</p>"
    * 4
)
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    at: float
    host: str
    path: str
    headers: dict[str, str]


@dataclass
class Line:
    """The connection a behaviour writes to; writing to one that was cut ends the behaviour."""

    writer: asyncio.StreamWriter
    asked: Asked

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


Behaviour = Callable[[Line], Awaitable[None]]


def answer(
    body: bytes | str = ARTICLE, status: int = 200, headers: dict[str, str] | None = None
) -> Behaviour:
    """A whole and proper answer."""
    sent = body.encode() if isinstance(body, str) else body
    fields = {**HTML, **(headers or {})}

    async def behave(line: Line) -> None:
        head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(sent)}", "Connection: close"]
        head += [f"{name}: {value}" for name, value in fields.items()]
        await line.send("\r\n".join(head).encode() + b"\r\n\r\n" + sent)

    return behave


def raw(*pieces: bytes, pause_s: float = 0.0, hold_s: float = 0.0) -> Behaviour:
    """These bytes, with a pause after each, and then silence."""

    async def behave(line: Line) -> None:
        for piece in pieces:
            await line.send(piece)
            await asyncio.sleep(pause_s)
        await asyncio.sleep(hold_s)

    return behave


def endless(head: bytes, piece: bytes, pause_s: float = 0.0) -> Behaviour:
    """A beginning, and then the same again and again until the other side hangs up."""

    async def behave(line: Line) -> None:
        await line.send(head)
        while True:
            await line.send(piece)
            await asyncio.sleep(pause_s)

    return behave


def redirect(target: str, status: int = 302) -> Behaviour:
    return answer("", status, {"Location": target})


async def hang(line: Line) -> None:
    await asyncio.sleep(120)


async def reset(line: Line) -> None:
    """End the connection by a reset."""
    sock = line.writer.get_extra_info("socket")
    sock.setsockopt(1, 13, b"\x01\x00\x00\x00\x00\x00\x00\x00")  # SO_LINGER with no time to linger
    line.writer.transport.abort()


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Each time the next one, the last one for ever."""
    left = list(behaviours)

    async def behave(line: Line) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(line)

    return behave


def feed(*links: str, more: str = "") -> Behaviour:
    items = "".join(f"<item><title>A title</title><link>{escaped(link)}</link></item>" for link in links)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}{more}</channel></rss>'
    return answer(body, headers={"Content-Type": "application/rss+xml"})


def sitemap(*links: str) -> Behaviour:
    rows = "".join(f"<url><loc>{escaped(link)}</loc></url>" for link in links)
    return answer(f"<urlset>{rows}</urlset>", headers={"Content-Type": "application/xml"})


def index(*links: str) -> Behaviour:
    rows = "".join(f"<sitemap><loc>{escaped(link)}</loc></sitemap>" for link in links)
    return answer(f"<sitemapindex>{rows}</sitemapindex>", headers={"Content-Type": "application/xml"})


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@dataclass
class HostileServer:
    """Answers for every host, by the first of ``host/path``, ``host/*`` and ``*``; keeps what it was asked."""

    routes: dict[str, Behaviour]
    folder: Path
    asked: list[Asked] = field(default_factory=list)
    handshakes: Counter[str] = field(default_factory=Counter)
    http_port: int = 0
    tls_port: int = 0

    async def start(self) -> None:
        plain = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        secured = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, ssl=certified(self.folder, self.handshakes), limit=1 << 20
        )
        self.http_port = plain.sockets[0].getsockname()[1]
        self.tls_port = secured.sockets[0].getsockname()[1]

    def counts(self) -> dict[str, int]:
        return dict(Counter(one.host + one.path for one in self.asked))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # a client that is cut off mid-way is the usual end here
        with suppress(
            asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, OSError, ssl.SSLError
        ):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            target = head[0].split(" ")[1]
            fields = {k.lower(): v.strip() for k, _, v in (row.partition(":") for row in head[1:] if row)}
            path = "/" + target.split("/", 3)[3] if "://" in target else target
            asked = Asked(time.monotonic(), fields.get("host", "").partition(":")[0], path, fields)
            self.asked.append(asked)
            missing = answer("", 404) if path == "/robots.txt" else answer("none", 404)
            routes = self.routes
            behave = routes.get(asked.host + path) or routes.get(asked.host + "/*") or routes.get("*")
            if path == "/robots.txt" and asked.host + path not in routes:
                behave = missing
            await (behave or missing)(Line(writer, asked))
        writer.close()


CERTIFICATES = ("good", "expired", "self-signed", "wrong-host", "unknown-ca")


def certified(folder: Path, handshakes: Counter[str]) -> ssl.SSLContext:
    """A context that shows ``f10-NAME.test`` the certificate of that name; the authority ``ca.pem`` stands for most of them."""
    trusted, stranger = _Authority("A trusted one"), _Authority("A stranger")
    (folder / "ca.pem").write_bytes(trusted.pem)
    now = datetime.datetime.now(datetime.UTC)
    contexts = {}
    for name in CERTIFICATES:
        host = f"f10-{name}.test" if name != "wrong-host" else "elsewhere.test"
        until = now - datetime.timedelta(days=1) if name == "expired" else now + datetime.timedelta(days=9)
        signer = {"self-signed": None, "unknown-ca": stranger}.get(name, trusted)
        contexts[name] = _context(folder / f"{name}.pem", host, until, signer)

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        handshakes[name or ""] += 1
        wanted = (name or "").removeprefix("f10-").removesuffix(".test").removeprefix("trusted-")
        connection.context = contexts.get(wanted, contexts["good"])

    contexts["good"].sni_callback = choose
    return contexts["good"]


class _Authority:
    def __init__(self, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        made = _builder(self.name, self.name, self.key, now + datetime.timedelta(days=9))
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.pem = made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _builder(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - datetime.timedelta(days=90))
        .not_valid_after(until)
    )


def _context(path: Path, host: str, until: datetime.datetime, signer: _Authority | None) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = _builder(name, signer.name if signer else name, key, until)
    names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = made.sign(signer.key if signer else key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


_MIB = bytes(1 << 20)


def gzip_bomb(mebibytes: int) -> bytes:
    """A gzip file of so many MiB of nothing: one block, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first = packer.compress(_MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + (packer.compress(_MIB) + packer.flush(zlib.Z_FULL_FLUSH)) * (mebibytes - 1)


def brotli_bomb(mebibytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join([*(packer.process(_MIB) for _ in range(mebibytes)), packer.finish()])


def zstd_bomb(mebibytes: int) -> bytes:
    packer = zstd.ZstdCompressor(level=1)
    return b"".join([*(packer.compress(_MIB) for _ in range(mebibytes)), packer.flush()])


def packed(body: bytes, times: int) -> bytes:
    for _ in range(times):
        body = gzip.compress(body)
    return body


@dataclass
class Group:
    """Routes of the server, and the crawls to be made."""

    routes: dict[str, Behaviour] = field(default_factory=dict)
    crawls: dict[str, dict[str, Any]] = field(default_factory=dict)
