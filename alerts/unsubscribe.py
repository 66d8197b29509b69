"""Links by which a reader leaves a subscription in one click (RFC 8058), signed so that nobody makes them up.

A token names one subscription and one mailbox. It does not run out: mails are read late, and the right to leave does
not age. Changing the secret makes all tokens of before void. Whoever answers the link takes a POST only: programs that
look at links for their users ask with GET, and must not unsubscribe anybody.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from alerts.address import mailbox_key
from alerts.errors import AlertError
from alerts.subscription import Recipient

#: characters of a secret: a token shows what was signed, so a short secret could be found by trying
SHORTEST_SECRET = 16
_VERSION = "1"
_PURPOSE = b"tipwatch unsubscribe 1\0"
_LONGEST_TOKEN = 800  # an address has 254 bytes at most, the URL 900


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Who wants to leave what.

    Attributes:
        address: as `alerts.address.mailbox_key` spells it.
    """

    subscription_id: str
    address: str


def unsubscribe_url(public_url: str, secret: str, subscription_id: str, recipient: Recipient) -> str:
    """The link for one reader of one subscription: ``<public_url>/unsubscribe/<token>``; always the same.

    Raises:
        AlertError: `public_url` is no https URL, the secret is too short, or the link would be too long.
    """
    base = urlsplit(public_url)
    if base.scheme != "https" or not base.hostname or base.query or base.fragment or not public_url.isascii():
        msg = (
            f"{public_url!r} cannot be the base of unsubscribe links: it must be an https URL in plain ASCII"
        )
        raise AlertError(msg)
    return f"{public_url.rstrip('/')}/unsubscribe/{unsubscribe_token(secret, subscription_id, recipient)}"


def unsubscribe_token(secret: str, subscription_id: str, recipient: Recipient) -> str:
    """The signed token: version, what is meant, signature; letters, digits, ``-``, ``_`` and ``.`` only.

    Raises:
        AlertError: the secret is too short, or the token would be too long for a link.
    """
    if len(secret) < SHORTEST_SECRET:
        msg = f"the secret of unsubscribe links is too short: give it {SHORTEST_SECRET} characters or more"
        raise AlertError(msg)
    meant = _packed(f"{subscription_id}\0{mailbox_key(recipient.address)}".encode("utf-8", "replace"))
    token = f"{_VERSION}.{meant}.{_signature(secret, meant)}"
    if len(token) > _LONGEST_TOKEN:
        msg = f"no unsubscribe link for {subscription_id!r}: its id or the address is too long"
        raise AlertError(msg)
    return token


def read_token(secret: str, token: str) -> Unsubscribe | None:
    """What a token means; None when it was not signed with this secret, was changed, or is of another version."""
    if len(secret) < SHORTEST_SECRET or len(token) > _LONGEST_TOKEN or not token.isascii():
        return None
    version, _, rest = token.partition(".")
    meant, _, signature = rest.partition(".")
    # the signature first: nothing else is even looked at in what we did not make
    genuine = hmac.compare_digest(signature.encode(), _signature(secret, meant).encode())
    if not genuine or version != _VERSION:
        return None
    try:
        subscription_id, _, address = _unpacked(meant).decode("utf-8").partition("\0")
    except (binascii.Error, ValueError):
        return None
    return Unsubscribe(subscription_id, address) if address else None


def _signature(secret: str, meant: str) -> str:
    return _packed(hmac.digest(secret.encode("utf-8", "replace"), _PURPOSE + meant.encode(), "sha256"))


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
