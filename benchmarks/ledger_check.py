"""How long the ledger takes to prove a year of deliveries, what it needs, and whether it finds what is missing.

    python benchmarks/ledger_check.py [--matches 100000] [--subscriptions 10] [--days 365] [--lost 25] [--bytes]

A database is made: articles with texts of 3 kB, each on one of five topics; every topic has two subscriptions (with ten) of two
recipients each, told every morning; every mail has 20 kB. Then some tellings are taken away. The check runs in a process of
its own. Exits 1 when it takes 60 s or 300 MB or more, or does not find exactly what was taken away. Sizes in MB are 10^6 bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, delete, insert

from pipeline.store import Asked, open_store
from pipeline.store.tables import articles, digests, matches, outbox, stories, subscriptions, told
from tipwatch.config import load_config
from tipwatch.ledger.checking import CheckOrder, check
from tipwatch.ledger.fates import Fault

MOST_S, MOST_MB = 60.0, 300.0
TOPICS = 5
START = datetime(2025, 1, 1, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT, RAW = (
    "words of an article " * 150,
    b"Message-ID: %s\r\nTo: %s\r\nSubject: digest\r\n\r\n" + b"x" * 20_000,
)
RECIPIENTS = ("first", "second")


def config_text(number: int) -> str:
    lines = ["database: sqlite:///ledger.db", "packs: [rules.yaml]", "subscriptions:"]
    for sub in range(number):
        to = ", ".join(f"{name}{sub}@example.org" for name in RECIPIENTS)
        lines.append(
            f'  - {{id: sub{sub}, to: [{to}], topics: [topic{sub % TOPICS}], digest: {{at: "06:00", days: daily}}}}'
        )
    return "\n".join(lines) + "\n"


def build(folder: Path, args: argparse.Namespace) -> None:
    """The database, by the rows that real rounds would have written."""
    topics = "".join(f"  topic{n}: {{title: T{n}, query: word{n}}}\n" for n in range(TOPICS))
    (folder / "rules.yaml").write_text(f"topics:\n{topics}")
    (folder / "config.yaml").write_text(config_text(args.subscriptions))
    open_store(f"sqlite:///{folder / 'ledger.db'}", now=lambda: START).close()
    chance = random.Random(args.seed)
    found = [START + chance.random() * args.days * DAY for _ in range(args.matches)]
    with create_engine(f"sqlite:///{folder / 'ledger.db'}").begin() as connection:
        rows = [{"id": f"sub{sub}", "since": START} for sub in range(args.subscriptions)]
        connection.execute(insert(subscriptions), rows)
        for start in range(0, args.matches, 5000):
            some = range(start, min(start + 5000, args.matches))
            connection.execute(insert(stories), [{"id": f"s{n}", "first_seen_at": found[n]} for n in some])
            connection.execute(insert(articles), [article(n, found[n]) for n in some])
            connection.execute(insert(matches), [match(n, found[n]) for n in some])
        for sub in range(args.subscriptions):
            mine = [n for n in range(args.matches) if n % TOPICS == sub % TOPICS]
            by_window: dict[int, list[int]] = {day: [] for day in range(args.days)}
            for n in mine:
                by_window[min(args.days - 1, -((START - found[n]) // DAY) - 1)].append(n)
            for day, told_then in by_window.items():
                one = digest(sub, day, told_then)
                connection.execute(insert(digests), one)
                if told_then:
                    named = {"subscription_id": one["subscription_id"], "digest_id": one["id"]}
                    connection.execute(insert(told), [{**named, "article_id": n + 1} for n in told_then])
                    connection.execute(insert(outbox), list(mails(sub, one)))
        lost = chance.sample(range(args.matches), args.lost)
        connection.execute(
            delete(told).where(
                told.c.article_id.in_([n + 1 for n in lost]),
                told.c.subscription_id.in_([f"sub{n}" for n in range(TOPICS)]),
            )
        )


def article(n: int, at: datetime) -> dict[str, object]:
    key = n.to_bytes(16, "big")
    return {
        "id": n + 1,
        "url_key": key,
        "canonical_key": key,
        "url": f"https://paper.example/{n}",
        "canonical_url": f"https://paper.example/{n}",
        "source_id": "paper",
        "outlet": "Paper",
        "title": f"Article {n}",
        "text": TEXT,
        "authors": [],
        "language": "en",
        "language_origin": "feed",
        "credits": [],
        "partial": False,
        "text_hash": key,
        "signature": b"",
        "first_seen_at": at,
        "story_id": f"s{n}",
        "role": "first",
    }


def match(n: int, at: datetime) -> dict[str, object]:
    evidence = [{"clause": "word", "field": "text", "start": 0, "end": 5, "quote": "words of an article"}]
    return {
        "article_id": n + 1,
        "topic": f"topic{n % TOPICS}",
        "score": 0.9,
        "evidence": evidence,
        "pack_version": "0123456789ab",
        "found_at": at,
    }


def digest(sub: int, day: int, told_then: list[int]) -> dict[str, object]:
    end = START + (day + 1) * DAY
    return {
        "id": f"sub{sub}-{day}",
        "kind": "digest",
        "subscription_id": f"sub{sub}",
        "window_start": end - DAY,
        "window_end": end,
        "created_at": end,
        "asked": asdict(Asked((f"topic{sub % TOPICS}",))),
        "articles": len(told_then),
        "mails": len(RECIPIENTS) if told_then else 0,
    }


def mails(sub: int, one: dict[str, object]) -> Iterator[dict[str, object]]:
    for name in RECIPIENTS:
        address, message_id = f"{name}{sub}@example.org", f"<{one['id']}.{name}@example.org>"
        yield {
            "digest_id": one["id"],
            "recipient": address,
            "recipient_name": "",
            "channel": "smtp",
            "message_id": message_id,
            "subject": "digest",
            "name": f"{one['id']}-{name}",
            "raw": RAW % (message_id.encode(), address.encode()),
            "state": "sent",
            "attempts": 1,
            "created_at": one["created_at"],
            "sent_at": one["created_at"],
        }


def prove(folder: Path, args: argparse.Namespace) -> None:
    """In a process of its own: check, and say what it took."""
    config = load_config(folder / "config.yaml", {})
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    began, began_cpu = time.perf_counter(), time.process_time()
    with open_store(f"sqlite:///{folder / 'ledger.db'}", now=lambda: START) as store:
        now = START + args.days * DAY + timedelta(minutes=5)
        checked = check(config, store, CheckOrder(mails=args.bytes), now)
    faults = [str(finding.fault) for finding in checked.findings]
    result = {
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time() - began_cpu, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, 1),
        "before_mb": round(before_mb, 1),
        "judged": sum(one.articles for one in checked.totals),
        "digests": sum(one.digests for one in checked.totals),
        "mails_compared": checked.mails,
        "fates": {str(fate): count for fate, count in checked.fates.items() if count},
        "faults": {name: faults.count(name) for name in sorted(set(faults))},
    }
    print(json.dumps(result))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--matches", type=int, default=100_000)
    parser.add_argument("--subscriptions", type=int, default=10)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--lost", type=int, default=25)
    parser.add_argument("--bytes", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prove", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.prove:
        prove(args.prove, args)
        return 0
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        build(Path(name), args)
        size = (Path(name) / "ledger.db").stat().st_size / 1e6
        print(
            f"made {args.matches} matches, {size:.0f} MB, in {time.perf_counter() - began:.0f} s",
            file=sys.stderr,
        )
        run = [sys.executable, __file__, *sys.argv[1:], "--prove", name]
        found = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    print(json.dumps(found))
    # articles on the topics of the first five subscriptions were taken away, each from one of them
    right = found["faults"].get(str(Fault.LOST), 0) == args.lost
    return 0 if right and found["seconds"] < MOST_S and found["peak_mb"] < MOST_MB else 1


if __name__ == "__main__":
    sys.exit(main())
