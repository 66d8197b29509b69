"""Whether digests, windows and rows are whole and fit together: pure, apart from any article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser

from pipeline.store import DigestAccount, DigestKind, StoredMail, StrayRow
from tipwatch.ledger.fates import Fate, Fault, Finding
from tipwatch.ledger.judging import row_fate

#: kinds whose windows follow upon each other without a gap
CHAINED = (DigestKind.DIGEST, DigestKind.OPERATOR)

_STRAYS = {
    "told without digest": Fault.TOLD_WITHOUT_DIGEST,
    "told elsewhere": Fault.TOLD_ELSEWHERE,
    "delivery without digest": Fault.SENT_NOT_BUILT,
    "two rows": Fault.TOLD_TWICE,
    "two message ids": Fault.TWO_MESSAGE_IDS,
    "one message id": Fault.SHARED_MESSAGE_ID,
}


def window_findings(digests: Sequence[DigestAccount], since: datetime) -> Iterator[Finding]:
    """Where the windows of a subscription, in their order, overlap or leave a gap.

    The first begins when the subscription did (`since`). Instant mails and back issues are no part of the chain.
    """
    for kind in CHAINED:
        expected = since
        for number, one in enumerate(digest for digest in digests if digest.kind is kind):
            span = f"{one.window_start.isoformat()} to {one.window_end.isoformat()}"
            if one.window_start > expected:
                detail = f"{span}, and {'the last ended' if number else 'it began'} {expected.isoformat()}"
                yield Finding(Fault.WINDOW_GAP, one.subscription_id, detail, one.id)
            elif (number and one.window_start < expected) or one.window_end <= one.window_start:
                detail = f"{span}, and the last ended {expected.isoformat()}" if number else span
                yield Finding(Fault.WINDOW_OVERLAP, one.subscription_id, detail, one.id)
            expected = max(expected, one.window_end)


def digest_findings(digest: DigestAccount) -> Iterator[Finding]:
    """What is missing from a digest, and rows of it that lead nowhere."""

    def finding(fault: Fault, detail: str) -> Finding:
        return Finding(fault, digest.subscription_id, detail, digest.id)

    if digest.articles is not None and digest.told < digest.articles:
        yield finding(Fault.TOLD_MISSING, f"{digest.told} of {digest.articles}")
    if digest.mails is not None and len(digest.rows) < digest.mails:
        yield finding(Fault.ROW_MISSING, f"{len(digest.rows)} of {digest.mails}")
    elif digest.told and not digest.rows:
        yield finding(Fault.WITHOUT_ROW, f"{digest.told} articles")
    for row in digest.rows:
        fate = row_fate(row)
        if fate.fate is Fate.EXCEPTION and fate.fault is not None:
            yield finding(fate.fault, fate.detail)


def stray_findings(strays: Iterable[StrayRow]) -> Iterator[Finding]:
    """Rows that belong to nothing, and rows too many."""
    for stray in strays:
        yield Finding(
            _STRAYS[stray.what], stray.subscription_id, stray.detail, stray.digest_id, stray.article_id
        )


def mail_findings(mail: StoredMail, addressed: frozenset[str]) -> Iterator[Finding]:
    """Where the bytes of a mail say something else than its row; `addressed`: names of the channels that send mails."""
    if mail.channel not in addressed:
        return
    head = BytesHeaderParser(policy=policy.default).parsebytes(mail.raw.partition(b"\r\n\r\n")[0])
    said = str(head.get("Message-ID", "")).strip()
    if said != mail.message_id:
        detail = f"row {mail.id}: {said or 'none'}, not {mail.message_id}"
        yield Finding(Fault.OTHER_MESSAGE_ID, "", detail, mail.digest_id)
    to = head.get("To")
    found = [mailbox.addr_spec for mailbox in to.addresses] if to is not None else []
    if [_folded(one) for one in found] != [_folded(mail.recipient)]:
        detail = f"row {mail.id}: {', '.join(found) or 'nobody'}, not {mail.recipient}"
        yield Finding(Fault.OTHER_RECIPIENT, "", detail, mail.digest_id)


def _folded(address: str) -> str:
    """An address with its domain as it is written on the wire."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode().lower()}"
    except UnicodeError:
        return address
