"""The address guard: we connect only to public addresses, or to those the operator lists.

Two nets. The resolver checks the address that is connected to, also one answered from its cache, so a name that changes
its answer gains nothing; Twisted passes literal addresses through it as well. The middleware reads literal addresses in
any spelling before they are asked for, which also holds when a proxy does the resolving.
"""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from crawler.page import FailureKind
from crawler.spiders.failures import RefusedError, Trouble
from crawler.urls import host_of, is_fetchable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: ways to reach an IPv4 address inside an IPv6 one, and the site-local range that `is_global` has forgotten
_NEVER = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "2002::/16", "2001::/32", "fec0::/10"))
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
        found = super().getHostByName(name, timeout)
        if (
            name == self._proxy_host
        ):  # the operator's own word; targets that are written like it are refused before
            return found
        return found.addCallback(self._check, name)

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
        if not is_fetchable(request.url):
            raise RefusedError(Trouble(FailureKind.URL, "not a plain http(s) URL"))
        host = host_of(request.url)
        # without a proxy, a name is judged by the address it leads to
        is_judged_here = self._has_proxy or literal_address(host) is not None
        if is_judged_here and not self._guard.is_open_host(host):
            raise RefusedError(
                Trouble(
                    FailureKind.ADDRESS,
                    f"{host} is no public address (crawl.allow_networks opens private ones)",
                )
            )

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
