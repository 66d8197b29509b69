"""A digest as a JSON document for programs: everything a reader of the mail sees, and nothing else.

    {"type": "digest", "version": 1, "timestamp": "2026-11-23T04:30:00Z", "data": {...}}

`data` holds the fields of `alerts.digest.Digest` under their own names; times are ISO 8601 in UTC, days
``YYYY-MM-DD``, what is not known is null, and a closed set gives its words. Texts that mark what a rule hit are lists of
``{"text", "marked"}``. A later version only adds; a field that changed its meaning would raise ``version``.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime

from alerts.digest import Digest, DigestEntry, FoundLate, RenderedMail

VERSION = 1

#: longest document. Receivers bound what they take; common limits of web servers are 1 MB and more
MAX_BYTES = 900_000
#: updates, and stories found late by one change, in a document that would be too long
_FEW = 50


def document(digest: Digest, mail: RenderedMail) -> bytes:
    """The digest as UTF-8 JSON, the same bytes for the same digest; at most `MAX_BYTES`.

    What makes it too long is told in short, least important first: entries without lead, reasons and copies, then no
    more than counted (``"shortened": {"briefs", "left_out"}``, null when all is there).
    """
    whole = _encoded(digest, mail, None)
    if len(whole) <= MAX_BYTES:
        return whole
    entries = len(digest.entries) + len(digest.unlisted)
    least, most = 0, 2 * entries  # steps of shortening: first every entry in brief, then every one gone
    while least < most:
        middle = (least + most) // 2
        if len(_shortened(digest, mail, middle)) <= MAX_BYTES:
            most = middle
        else:
            least = middle + 1
    return _shortened(digest, mail, least)


def _shortened(digest: Digest, mail: RenderedMail, steps: int) -> bytes:
    """The document after so many steps from the end of the list, what is found late and updates in brief throughout."""
    entries = len(digest.entries) + len(digest.unlisted)
    briefs, gone = min(steps, entries), max(0, steps - entries)
    both = (*digest.entries, *digest.unlisted)
    kept = [
        _brief(entry) if at >= entries - briefs else entry for at, entry in enumerate(both[: entries - gone])
    ]
    split = min(len(digest.entries), len(kept))
    updates = [replace(update, entry=_brief(update.entry)) for update in digest.updates[:_FEW]]
    shorter = replace(
        digest,
        entries=tuple(kept[:split]),
        unlisted=tuple(kept[split:]),
        updates=tuple(updates),
        updates_left_out=digest.updates_left_out + len(digest.updates) - len(updates),
        found_late=tuple(map(_few, digest.found_late[:_FEW])),
    )
    return _encoded(shorter, mail, {"briefs": briefs - gone, "left_out": gone})


def _few(change: FoundLate) -> FoundLate:
    kept = tuple(map(_brief, change.entries[:_FEW]))
    return replace(change, entries=kept, left_out=change.left_out + len(change.entries) - len(kept))


def _brief(entry: DigestEntry) -> DigestEntry:
    return replace(entry, lead=(), why=(), copies=(), discrepancies=())


def _encoded(digest: Digest, mail: RenderedMail, shortened: dict[str, int] | None) -> bytes:
    data = _plain(digest)
    assert isinstance(data, dict)
    said = {
        "type": "digest",
        "version": VERSION,
        "timestamp": _plain(digest.window_end),
        "data": {"subject": mail.subject, **data, "shortened": shortened},
    }
    # lone surrogates come from mislabelled pages, and no JSON may hold them
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _plain(value: object) -> object:
    """The value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
