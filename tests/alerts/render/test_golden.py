"""Whole mails, letter by letter: a change of the mail's face is a change of these files.

To renew them after a change that is meant: ``RENEW_GOLDEN=1 pytest tests/alerts/render/test_golden.py``, then read the diff.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.digest import RenderedMail
from alerts.render import render

GOLDEN = Path(__file__).parent / "golden"
MAILS = {
    "full-en": ("full_day", "en"),
    "full-ru": ("full_day", "ru"),
    "full-az": ("full_day", "az"),
    "quiet-en": ("quiet_day", "en"),
    "quiet-ru": ("quiet_day", "ru"),
    "quiet-az": ("quiet_day", "az"),
    "updates-en": ("updates_day", "en"),
    "flood-en": ("flood_day", "en"),
    "flood-ru": ("flood_day", "ru"),
    "arabic-en": ("arabic_day", "en"),
}


def parts_of(mail: RenderedMail) -> dict[str, bytes]:
    parts = {"subject.txt": f"{mail.subject}\n", "txt": mail.text, "html": mail.html}
    written = {suffix: text.encode() for suffix, text in parts.items()}
    for attachment in mail.attachments:
        written["csv"] = attachment.content
    return written


@pytest.mark.parametrize("name", MAILS)
def test_the_mail_is_letter_by_letter_the_golden_one(name: str, request: pytest.FixtureRequest) -> None:
    fixture, language = MAILS[name]
    mail = render(replace(request.getfixturevalue(fixture), language=language))
    written = parts_of(mail)
    if os.environ.get("RENEW_GOLDEN"):
        for old in GOLDEN.glob(f"{name}.*"):
            old.unlink()
        for suffix, content in written.items():
            (GOLDEN / f"{name}.{suffix}").write_bytes(content)
    golden = {path.name.removeprefix(f"{name}."): path.read_bytes() for path in GOLDEN.glob(f"{name}.*")}
    assert sorted(written) == sorted(golden)
    for suffix, content in written.items():
        assert content.decode() == golden[suffix].decode(), f"golden/{name}.{suffix}"


def test_no_golden_file_is_left_over() -> None:
    assert {path.name.split(".")[0] for path in GOLDEN.iterdir()} == set(MAILS)
