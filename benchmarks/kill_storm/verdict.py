"""What the storm left: every mail built, every copy that arrived, and whether the promises were kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

from alerts.outbox import DeliveryState
from benchmarks.kill_storm.mailserver import copies
from pipeline.store import DeliveryRecord, Store


@dataclass(frozen=True, slots=True)
class Counted:
    """What the storm itself counted: digests that must be there, kills, and those that hit a mail on its way."""

    digests: int
    kills: int
    kills_while_sending: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures, and what is wrong; nothing should be."""

    digests: int
    kills: int
    mails: int
    copies: int
    extra_copies: int
    ambiguous: int
    cuts: int
    kills_while_sending: int
    attempts: int
    states: dict[str, int]
    seconds: float
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return asdict(self)


def judge(store: Store, folder: Path, counted: Counted) -> Verdict:
    """Compare what was built with what arrived."""
    rows = store.outbox.listed(limit=1_000_000)
    arrived: dict[str, list[bytes]] = defaultdict(list)
    cuts = 0
    for copy in copies(folder):
        cuts += copy.cut
        arrived[str(message_from_bytes(copy.raw, policy=policy.default)["Message-ID"])].append(copy.raw)
    number = sum(map(len, arrived.values()))
    figures = Verdict(
        digests=len({row.digest_id for row in rows}),
        kills=counted.kills,
        mails=len(rows),
        copies=number,
        extra_copies=number - len(arrived),
        ambiguous=cuts + counted.kills_while_sending,
        cuts=cuts,
        kills_while_sending=counted.kills_while_sending,
        attempts=sum(row.attempts for row in rows),
        states={str(state): count for state, count in Counter(row.state for row in rows).items()},
        seconds=round(counted.seconds, 1),
    )
    figures.wrong.extend(_wrong(store, figures, counted, rows, arrived))
    return figures


def _wrong(
    store: Store,
    figures: Verdict,
    counted: Counted,
    rows: list[DeliveryRecord],
    arrived: dict[str, list[bytes]],
) -> Iterator[str]:
    if figures.digests != counted.digests:
        yield f"{counted.digests} digests should have been built, and {figures.digests} were"
    lost = [row for row in rows if row.message_id not in arrived]
    if lost:
        yield f"{len(lost)} mails lost, e.g. {lost[0].name}: {lost[0].state}, {lost[0].last_error}"
    waiting = [row for row in rows if row.state not in (DeliveryState.SENT, DeliveryState.UNKNOWN)]
    if waiting:
        yield f"{len(waiting)} mails are neither sent nor left to people, e.g. {waiting[0].name}: {waiting[0].state}"
    if figures.extra_copies > figures.ambiguous:
        yield f"{figures.extra_copies} extra copies, and only {figures.ambiguous} ambiguous outcomes"
    if len({row.message_id for row in rows}) != len(rows):
        yield "two mails have one Message-ID"
    if strangers := set(arrived) - {row.message_id for row in rows}:
        yield f"{len(strangers)} mails arrived that no row knows: two Message-IDs for one delivery"
    for row in rows:
        built = store.outbox.raw(row.id)
        if any(raw != built for raw in arrived[row.message_id]):
            yield f"the copies of {row.name} are not what was built"
    yield from _told(store, counted)


def _told(store: Store, counted: Counted) -> Iterator[str]:
    """Each subscription was told each article once."""
    told = Counter(
        (digest.subscription_id, article)
        for digest in store.digests.listed(limit=1_000_000)
        for article in digest.article_ids
    )
    if len(told) != counted.digests:
        yield f"{len(told)} articles told, and {counted.digests} should have been"
    if twice := [one for one, times in told.items() if times > 1]:
        yield f"{len(twice)} articles told twice"
