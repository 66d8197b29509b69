"""The address guard: we connect only to public addresses, or to those the operator lists.

Two nets. The resolver (IPv4, and IPv6 for names that have nothing else) checks the address that is connected to, also
one answered from its cache, so a name that changes its answer gains nothing; Twisted passes literal addresses through it
as well. The middleware reads literal addresses in any spelling before they are asked for, which also holds when a proxy
does the resolving.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer, threads
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure

from crawler.middlewares.failures import RefusedError, Trouble
from crawler.page import FailureKind
from crawler.urls import host_of, is_fetchable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: what `is_global` leaves open and nobody publishes at: ways to reach an IPv4 address inside an IPv6 one, site-local and
#: documentation ranges, protocol assignments and 6to4 relays (RFC 6890), and where some clouds tell secrets to their machines
_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in ("2002::/16", "2001::/32", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")
)
#: all of IPv6 that is given out for use on the Internet (RFC 4291, 2.4; IANA's registry of IPv6 address space)
_UNICAST_6 = ipaddress.ip_network("2000::/3")
#: how long a name without an address is not looked up again: dead names would fill the pool of look-ups
DEAD_FOR_S = 600.0
#: names that mean this machine or this network by definition (RFC 6761, RFC 6762, RFC 8375, RFC 9476)
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "localdomain")


class AddressGuard:
    """Says which addresses may be connected to."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed: tuple[Network, ...] = tuple(
            ipaddress.ip_network(text, strict=False) for text in allowed
        )

    def is_open(self, address: Address) -> bool:
        """Whether we may connect to it."""
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        ip = mapped or address
        if any(ip in network for network in self._allowed):
            return True
        if ip.version == 6 and ip not in _UNICAST_6:
            return False
        return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NEVER)

    @property
    def allows_loopback(self) -> bool:
        """Whether the operator has listed this machine itself."""
        return self.is_open(ipaddress.ip_address("127.0.0.1"))

    def is_open_host(self, host: str) -> bool:
        """Whether a host as written may be asked for: a literal address must be open, a name must not be local."""
        address = literal_address(host)
        if address is not None:
            return self.is_open(address)
        name = unicodedata.normalize("NFKC", host).lower().rstrip(".")
        is_local = name in _LOCAL_NAMES or name.endswith(tuple(f".{local}" for local in _LOCAL_NAMES))
        return not is_local or self.allows_loopback


@lru_cache(maxsize=4096)
def literal_address(host: str) -> Address | None:
    """The address a host is written as, in any spelling (``0x7f.1``, ``2130706433``, fullwidth); None for a name."""
    text = unicodedata.normalize("NFKC", host).strip("[]").partition("%")[0].rstrip(".")
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text)) if text else None
    except (OSError, ValueError):
        return None


def _ipv6_of(name: str) -> str:
    found = socket.getaddrinfo(name, None, socket.AF_INET6, socket.SOCK_STREAM)
    return str(found[0][4][0])


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and answers only with addresses that the guard leaves open. Installed by the crawl's process.

    Attributes:
        refused: names whose address was refused.
    """

    def __init__(
        self, reactor: Any, cache_size: int, timeout: float, guard: AddressGuard, proxy_host: str
    ) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._guard = guard
        self._proxy_host = proxy_host
        self._dead: dict[str, float] = {}
        self.refused: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """As Scrapy makes it; what it hands over as a crawler is the process."""
        settings = crawler.settings
        guard = AddressGuard(settings.getlist("GUARD_ALLOW_NETWORKS"))
        cache_size, timeout = settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT")
        return cls(reactor, cache_size, timeout, guard, settings.get("GUARD_PROXY_HOST"))

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:  # noqa: N802 - Twisted's name
        """The address of a name; fails when it is not open."""
        if self._dead.get(name, 0.0) > time.monotonic():
            return defer.fail(DNSLookupError(f"{name} had no address a moment ago"))
        found = super().getHostByName(name, timeout)
        found.addErrback(self._by_ipv6, name).addErrback(self._bury, name)
        if name == self._proxy_host:  # the operator's own word; targets written like it are refused before
            return found
        return found.addCallback(self._check, name)

    def _by_ipv6(self, failure: Failure, name: str) -> Any:
        """The IPv6 address of a name that has no other."""
        if "timeout" in failure.getErrorMessage():
            return failure
        reactor: Any = self.reactor
        found = threads.deferToThreadPool(reactor, reactor.getThreadPool(), _ipv6_of, name)
        found.addCallback(self._cache_result, name)
        return found.addTimeout(self.timeout, reactor).addErrback(lambda _: failure)

    def _bury(self, failure: Failure, name: str) -> Failure:
        self._dead[name] = time.monotonic() + DEAD_FOR_S
        return failure

    def _check(self, answer: str, name: str) -> str:
        address = literal_address(answer)
        if address is None or not self._guard.is_open(address):
            self.refused.add(name)
            raise DNSLookupError(f"{name} leads to {answer}, which is no public address")
        return answer


class GuardMiddleware:
    """Refuses URLs that are not plain http(s), and hosts written as an address that is not open."""

    def __init__(self, guard: AddressGuard, *, has_proxy: bool) -> None:
        self._guard = guard
        self._has_proxy = has_proxy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        settings = crawler.settings
        guard = AddressGuard(settings.getlist("GUARD_ALLOW_NETWORKS"))
        return cls(guard, has_proxy=bool(settings.get("GUARD_PROXY_HOST")))

    def process_request(self, request: Request) -> None:
        """Let it pass, or raise.

        Raises:
            RefusedError: of kind URL or ADDRESS.
        """
        if request.meta.get("is_self_test"):  # it is there to find out whether the resolver guards
            return
        trouble = self.refusal(request.url)
        if trouble is not None:
            raise RefusedError(trouble)

    def refusal(self, url: str) -> Trouble | None:
        """Why a URL may not be asked for, as far as the URL itself tells; None when it may."""
        if not is_fetchable(url):
            return Trouble(FailureKind.URL, "not a plain http(s) URL")
        host = host_of(url)
        # without a proxy, a name is judged by the address it leads to
        is_judged_here = self._has_proxy or literal_address(host) is not None
        if is_judged_here and not self._guard.is_open_host(host):
            detail = f"{host} is no public address (crawl.allow_networks opens private ones)"
            return Trouble(FailureKind.ADDRESS, detail)
        return None

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Name the resolver's refusals: on their way through Twisted they become names that have no address.

        Raises:
            RefusedError: of kind ADDRESS.
        """
        host = host_of(request.url)
        if isinstance(exception, CannotResolveHostError) and host in _refused_names():
            raise RefusedError(Trouble(FailureKind.ADDRESS, f"{host} leads to no public address"))


def _refused_names() -> set[str]:
    from twisted.internet import reactor  # noqa: PLC0415 - the first import of it chooses the kind of reactor

    resolver = getattr(reactor, "resolver", None)
    return resolver.refused if isinstance(resolver, GuardedResolver) else set()
