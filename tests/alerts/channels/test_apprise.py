"""apprise for real: its JSON service to a web server on loopback, and what it says when that fails."""

from __future__ import annotations

import builtins
import json
import subprocess
import sys

import pytest

from alerts.channels import KINDS, Endpoint, payload
from alerts.errors import AlertError
from alerts.outbox import Concern, SendOutcome
from alerts.subscription import Recipient

TO = Recipient("chat")


def to(port: int, rest: str = "t0psecret/room?rto=0.5") -> Endpoint:
    return Endpoint("chat", f"json://user:h1ddenword@127.0.0.1:{port}/{rest}")


def send(end: Endpoint, raw: bytes):
    return KINDS["apprise"].open(end).send(raw, TO, "desk-1")


def test_a_digest_arrives_as_title_and_lines(hook_server, new_hook, day_digest, day_mail) -> None:
    hook = new_hook(200)
    end = to(hook_server(hook))
    raw = payload("apprise", day_digest, day_mail, end)
    assert raw == payload("apprise", day_digest, day_mail, end)
    result = send(end, raw)
    assert (result.outcome, result.text) == (SendOutcome.ACCEPTED, "JSON took it")
    [(path, _, body)] = hook.taken
    said = json.loads(body)
    assert path.startswith("/t0psecret/room")
    assert said["title"] == day_mail.subject
    assert said["message"].startswith("• UN committee backs Belarus text")
    assert said["message"].endswith("Not shown here: 2")


def test_a_message_is_folded_to_what_its_service_takes(day_digest, day_mail) -> None:
    long = json.loads(payload("apprise", day_digest, day_mail, to(80)))["body"]
    discord = Endpoint(
        "chat", "discord://000000000000000000/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    )
    sms = Endpoint("chat", "bulksms://user:pass@+15551231234")
    shorter = json.loads(payload("apprise", day_digest, day_mail, discord))["body"]
    shortest = json.loads(payload("apprise", day_digest, day_mail, sms))
    assert long.count("• ") == 5
    assert len(shorter) <= 1800
    assert len(shortest["title"]) + len(shortest["body"]) <= 160
    assert "Not shown here: 7" in shortest["body"]


def test_a_channel_that_now_leads_to_a_narrower_service_still_gets_its_message(hook_server, new_hook) -> None:
    raw = json.dumps({"title": "T", "body": "word " * 20_000}).encode()
    hook = new_hook(200)
    assert send(to(hook_server(hook)), raw).outcome is SendOutcome.ACCEPTED
    message = json.loads(hook.taken[0][2])["message"]
    assert len(message) <= 32_768
    assert message.endswith("…")


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_a_refusal_is_a_value_and_tried_again(hook_server, new_hook, status: int) -> None:
    result = send(to(hook_server(new_hook(status))), b'{"title":"T","body":"B"}')
    assert (result.outcome, result.code, result.permanent) == (SendOutcome.REFUSED, status, False)
    assert result.text.startswith("JSON: Failed to send JSON")
    assert (result.concern is Concern.BUSY) == (status in {429, 503})


def test_where_nobody_listens_nothing_was_handed_over(unused_port: int) -> None:
    result = send(to(unused_port), b'{"title":"T","body":"B"}')
    assert (result.outcome, result.text) == (
        SendOutcome.UNREACHABLE,
        "JSON: nothing listens at its host on that port",
    )


def test_a_host_that_nobody_knows_is_said_to_be_one() -> None:
    result = send(Endpoint("chat", "json://no-such-host.invalid/x"), b'{"title":"T","body":"B"}')
    assert (result.outcome, result.text) == (
        SendOutcome.UNREACHABLE,
        "JSON: no address is known for its host name",
    )


@pytest.mark.parametrize("status", [0, -1])
def test_an_answer_that_does_not_come_leaves_doubt(hook_server, new_hook, status: int) -> None:
    hook = new_hook(status)
    assert send(to(hook_server(hook)), b'{"title":"T","body":"B"}').outcome is SendOutcome.UNKNOWN
    assert len(hook.taken) == 1


TALKATIVE = """
import sys
from alerts.channels import KINDS, Endpoint
from alerts.errors import AlertError
from alerts.subscription import Recipient
from tipwatch import logs

logs.set_up(verbose=True)
for url in sys.stdin.read().split():
    try:
        channel = KINDS["apprise"].open(Endpoint("chat", url))
        print(channel.send(b'{"title":"T","body":"B"}', Recipient("chat"), "d"))
    except AlertError as error:
        print(error)
"""


def test_no_failure_and_no_log_line_shows_a_token_however_much_is_logged(
    hook_server, new_hook, unused_port: int
) -> None:
    ports = [*(hook_server(new_hook(status)) for status in (200, 403, 0)), unused_port]
    urls = "\n".join([*(to(port).url for port in ports), "nosuchthing://t0psecret/x", "slack://t0psecret"])
    ran = subprocess.run(
        [sys.executable, "-c", TALKATIVE], input=urls, capture_output=True, text=True, check=True, timeout=60
    )
    lines = ran.stdout.splitlines()
    assert len(lines) == 6
    assert lines[-1] == lines[-2]
    assert "its url is none that apprise knows" in lines[-1]
    for word in ("t0psecret", "h1ddenword"):
        assert word not in ran.stdout + ran.stderr


def test_without_the_extra_it_says_how_to_get_it_and_still_writes_the_row(
    monkeypatch: pytest.MonkeyPatch, day_digest, day_mail
) -> None:
    really = builtins.__import__

    def missing(name: str, *arguments, **named):
        if name == "apprise":
            raise ImportError(name)
        return really(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(AlertError, match=r"channel chat: .*\./tw setup apprise"):
        KINDS["apprise"].open(to(80))
    said = json.loads(payload("apprise", day_digest, day_mail, to(80)))
    assert len(said["title"]) + len(said["body"]) <= 2_000
