"""Mails as files: the channel that needs no mail server. One `.eml`, with its HTML and text beside it."""

from __future__ import annotations

import hashlib
import os
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from alerts.outbox import SendResult
from alerts.subscription import Recipient

_UNSAFE_IN_NAME = re.compile(r"[^\w@.+-]+", re.ASCII)
_LONGEST_NAME = 180  # most file systems allow 255 bytes; suffixes and temporary names come on top


def file_name(subscription_id: str, digest_id: str, recipient: Recipient) -> str:
    """The name of a delivery, without suffix: ``<subscription>-<digest>-<recipient>``, safe in a path.

    Different deliveries have different names: where characters had to give way, a short hash is added.
    """
    plain = f"{subscription_id}-{digest_id}-{recipient.address}"
    safe = _UNSAFE_IN_NAME.sub("_", plain).lstrip(".-")[:_LONGEST_NAME]
    if safe == plain:
        return safe
    return f"{safe}-{hashlib.sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


class FolderChannel:
    """Writes each mail to ``<folder>/<yyyy-mm-dd>/<name>.eml``, the day being that of its Date header."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, raw: bytes, recipient: Recipient, name: str) -> SendResult:  # noqa: ARG002 - the name says who
        """Write the mail once; a second time it is found and left alone.

        Returns:
            accepted with the path of the `.eml`; unreachable when the folder cannot be written.
        """
        mail = message_from_bytes(raw, policy=policy.default)
        try:
            path = self._day_of(mail) / f"{name}.eml"
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                for suffix, subtype in ((".html", "html"), (".txt", "plain")):
                    _write_whole(path.with_name(name + suffix), _part(mail, subtype))
                _write_whole(path, raw)  # last: where the .eml stands, the others stand as well
        except OSError as error:
            return SendResult.unreachable(f"cannot write to {self._folder}: {error.strerror or error}")
        return SendResult.accepted(str(path))

    def close(self) -> None:
        """Nothing is held open."""

    def _day_of(self, mail: EmailMessage) -> Path:
        written = mail["Date"].datetime if mail["Date"] else None
        return self._folder / (f"{written:%Y-%m-%d}" if written else "undated")


def _part(mail: EmailMessage, subtype: str) -> bytes:
    part = mail.get_body(preferencelist=(subtype,))
    content = part.get_content() if part else ""
    return str(content).replace("\r\n", "\n").encode("utf-8", "replace")


def _write_whole(path: Path, content: bytes) -> None:
    """Write so that the file is whole or absent, also after a power cut."""
    half = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
