"""smtplib's connections with bounds on what a server may answer: how long, how many lines, how much."""

from __future__ import annotations

import smtplib
import time

#: RFC 5321, 4.5.3.1.5: a line of a reply has at most 512 octets; real servers exceed that a little
_LONGEST_LINE = 8192
#: lines of one reply; the longest real answer to EHLO has some thirty
_MOST_LINES = 200
_WITHOUT_TIMEOUT_S = 60.0


class Careful(smtplib.SMTP):
    """An SMTP connection whose replies end: within the socket's timeout as a whole, not per packet."""

    def getreply(self) -> tuple[int, bytes]:
        """The code (-1 where there is none) and the words of a reply, its lines joined by line feeds.

        Raises:
            TimeoutError: it was not there in time; the connection is closed.
            SMTPServerDisconnected: the connection was lost, or the reply had no end; it is closed.
        """
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        allowed_s = self.sock.gettimeout() or _WITHOUT_TIMEOUT_S
        try:
            code, words = self._reply(time.monotonic() + allowed_s)
            self.sock.settimeout(allowed_s)
        except TimeoutError:
            self.close()
            raise
        except OSError as error:  # SMTPServerDisconnected is one as well
            self.close()
            raise smtplib.SMTPServerDisconnected(str(error)) from error
        return code, words

    def _reply(self, over_at_s: float) -> tuple[int, bytes]:
        lines: list[bytes] = []
        while len(lines) < _MOST_LINES:
            line = self._line(over_at_s)
            lines.append(line[4:].strip(b" \t\r\n"))
            if not line[:3].isdigit():
                return -1, line.strip()
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)
        raise smtplib.SMTPServerDisconnected(f"its answer had more than {_MOST_LINES} lines")

    def _line(self, over_at_s: float) -> bytes:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        line = b""
        while not line.endswith(b"\n"):
            left_s = over_at_s - time.monotonic()
            if left_s <= 0:
                raise TimeoutError("timed out")
            self.sock.settimeout(left_s)
            there = self.file.peek(1)
            if not there:
                raise smtplib.SMTPServerDisconnected("it closed the connection")
            line += self.file.read(there.find(b"\n") + 1 or len(there))
            if len(line) > _LONGEST_LINE:
                raise smtplib.SMTPServerDisconnected("a line of its answer was too long")
        return line


class CarefulTls(Careful, smtplib.SMTP_SSL):
    """The same, under TLS from the first byte."""
