"""What a mail server's refusal is about, by its reply code and enhanced status code (RFC 5321, RFC 3463)."""

from __future__ import annotations

import re
from enum import StrEnum

from alerts.outbox import Concern, SendResult


class Step(StrEnum):
    """The command of a transaction that was answered."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "."  # the mail itself


_ENHANCED = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})\b")
_TOO_MANY = re.compile(
    r"too many|too fast|too much mail|\brate[- ]?limit|throttl|slow(?:ing)? down|\b(?:rate|limit)s? (?:was |is )?exceeded"
    r"|exceed\w* [^.]{0,40}\b(?:rate|limit)",
    re.IGNORECASE,
)
_GREYLIST = re.compile(r"gr[ea]y[- ]?list", re.IGNORECASE)
_FULL = re.compile(r"\bfull\b|\bquota\b", re.IGNORECASE)
#: words by which servers without enhanced codes say that they mean us, or the mail, and not the mailbox
_BY_RULE = re.compile(
    r"spam|block|black ?list|deny|denied|polic|relay|\bspf\b|dkim|dmarc|reputation|banned|reject\w* due|virus|sender"
    r"|authenticat",
    re.IGNORECASE,
)
#: X.1.Y that speak of the recipient's address (7 and 8 speak of the sender's); X.2.1: the mailbox is closed
_OF_ADDRESS = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 1)})
_TOO_LARGE = frozenset({(3, 4), (2, 3)})
_LOG_IN = frozenset({530, 534, 535, 538})

_SIZE = "the server takes no mail as large as this one"
_MAILBOX = "correct the address in the subscription, or take it out"
_SENDER = "that is about us, and every mail would fare the same: check mail.sender and mail.username"
_RULES = (
    "that is the server's policy and not about the mailbox: ask whoever runs it whether our mail may pass"
)
_ROOM = "the mailbox is full: its owner must make room"
_SLOWER = "the server asks for mail more slowly: it waits, and comes later by itself"


def refusal(step: Step, code: int, words: str) -> SendResult:
    """What a reply of 400 to 599 to this step means.

    Only what is about this mail or its recipient is a refusal. Before a recipient was named, a server knows nothing of
    the mail but its size: what it then refuses it would refuse any mail, so nothing is given up for that.
    """
    permanent = code >= 500
    concern, advice = _lasting(step, code, words) if permanent else _passing(step, code, words)
    if concern in {Concern.CHANNEL, Concern.BUSY}:
        return SendResult.unreachable(words, code).about(concern, advice)
    return SendResult.refused(code, words, permanent=permanent).about(concern, advice)


def asks_for_less(code: int, words: str) -> bool:
    """Whether a passing refusal is about how much we send, not about what."""
    subject = _subject_and_detail(words)
    if code == 421:
        return True
    of_mailbox = subject is not None and subject[0] in {1, 2}
    return (
        400 <= code < 500 and not of_mailbox and bool(_TOO_MANY.search(words)) and not _GREYLIST.search(words)
    )


def _passing(step: Step, code: int, words: str) -> tuple[Concern, str]:
    if asks_for_less(code, words):
        return Concern.BUSY, _SLOWER
    subject = _subject_and_detail(words)
    if step is Step.MAIL or (subject is not None and subject[0] == 3):  # X.3.Y: the state of the mail system
        return Concern.CHANNEL, ""
    return Concern.MAIL, _ROOM if subject == (2, 2) else ""


def _lasting(step: Step, code: int, words: str) -> tuple[Concern, str]:
    subject = _subject_and_detail(words)
    if subject == (2, 2) or (subject is None and code == 552 and _FULL.search(words)):
        return Concern.MAIL, _ROOM
    if subject in _TOO_LARGE or (code == 552 and (subject is None or subject[0] not in {1, 7})):
        return Concern.SIZE, _SIZE
    if step is Step.MAIL or code in _LOG_IN:
        return Concern.CHANNEL, _SENDER
    if _is_about_address(step, code, words):
        return Concern.ADDRESS, _MAILBOX
    if (subject is not None and subject[0] == 7) or _BY_RULE.search(words):
        return Concern.MAIL, _RULES
    return Concern.MAIL, ""


def _is_about_address(step: Step, code: int, words: str) -> bool:
    subject = _subject_and_detail(words)
    if subject is not None:
        return subject in _OF_ADDRESS and not (subject == (1, 0) and step is not Step.RCPT)
    return step is Step.RCPT and code in {550, 551, 553} and not _BY_RULE.search(words)


def _subject_and_detail(words: str) -> tuple[int, int] | None:
    found = _ENHANCED.match(words)
    return (int(found[1]), int(found[2])) if found else None
