"""Webhooks against a real web server: signed, never redirected, every answer and silence told for what it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from alerts.channels import KINDS, Endpoint
from alerts.channels.https import Limits
from alerts.channels.webhook import WebhookChannel, signing_key, webhook_id
from alerts.errors import AlertError
from alerts.outbox import Concern, DeliveryState, SendOutcome, after
from alerts.subscription import Recipient

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
TO = Recipient("desk-hook")


def channel(port: int, *, scheme: str = "http", secret: str | None = SECRET, **settings) -> WebhookChannel:
    end = Endpoint(
        "desk-hook", f"{scheme}://127.0.0.1:{port}/in?token=t0psecret", secret, "https://us.example/bot"
    )
    return WebhookChannel(end, clock=lambda: NOW, **settings)


def test_a_digest_arrives_signed_and_says_who_sends_it(hook_server, new_hook) -> None:
    hook = new_hook()
    result = channel(hook_server(hook)).send(b'{"a":1}', TO, "desk-1")
    assert (result.outcome, result.text) == (SendOutcome.ACCEPTED, "127.0.0.1 answered 204")
    [(path, headers, body)] = hook.taken
    assert (path, body) == ("/in?token=t0psecret", b'{"a":1}')
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"].startswith("tipwatch/")
    assert headers["User-Agent"].endswith(" (+https://us.example/bot)")
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    # as a receiver checks it, after the words of the standard and with nothing of ours
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_every_attempt_bears_the_same_id_and_every_delivery_another(hook_server, new_hook) -> None:
    hook = new_hook()
    port = hook_server(hook)
    for name in ("desk-1", "desk-1", "desk-2"):
        channel(port).send(b"{}", TO, name)
    ids = [headers["webhook-id"] for _, headers, _ in hook.taken]
    assert ids[0] == ids[1] == webhook_id("desk-1")
    assert ids[2] != ids[0]
    assert "." not in ids[0]


def test_without_a_secret_nothing_is_signed(hook_server, new_hook) -> None:
    hook = new_hook()
    channel(hook_server(hook), secret=None).send(b"{}", TO, "desk-1")
    assert "webhook-signature" not in hook.taken[0][1]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422])
def test_what_stays_refused_is_refused_for_good(hook_server, new_hook, status: int) -> None:
    result = channel(hook_server(new_hook(status, body=b"no\r\nsuch\x00 thing"))).send(b"{}", TO, "d")
    assert (result.outcome, result.code, result.permanent) == (SendOutcome.REFUSED, status, True)
    assert result.text.startswith("127.0.0.1: ")
    assert result.text.endswith(": no such thing")
    assert after(result, 1, NOW).state is DeliveryState.FAILED


@pytest.mark.parametrize("status", [301, 302, 307, 308, 408, 409, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_tried_again(hook_server, new_hook, status: int) -> None:
    hook = new_hook(status, {"Location": "http://127.0.0.1:1/elsewhere"})
    result = channel(hook_server(hook)).send(b"{}", TO, "d")
    assert (result.outcome, result.code, result.permanent) == (SendOutcome.REFUSED, status, False)
    assert after(result, 1, NOW).state is DeliveryState.RETRY
    assert len(hook.taken) == 1  # nothing was followed


@pytest.mark.parametrize(
    ("status", "said"),
    [(429, "too much to do"), (503, "too much to do"), (500, "whose log"), (502, "whose log")],
)
def test_a_failure_in_passing_says_whose_it_is_and_that_nobody_need_act(
    hook_server, new_hook, status: int, said: str
) -> None:
    advice = channel(hook_server(new_hook(status))).send(b"{}", TO, "d").advice
    assert said in advice
    assert advice.endswith("digests are tried again by themselves")


def test_a_receiver_that_wants_no_more_is_told_apart(hook_server, new_hook) -> None:
    result = channel(hook_server(new_hook(410))).send(b"{}", TO, "d")
    assert result.concern is Concern.CHANNEL
    assert "take the channel out of the configuration" in result.advice


@pytest.mark.parametrize(
    ("asked", "waited_s"),
    [
        ("7200", 7200.0),
        (format_datetime(NOW + timedelta(hours=2), usegmt=True), 7200.0),
        (format_datetime(NOW - timedelta(hours=2), usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 999_999_999.0),
        ("", None),
    ],
)
def test_a_receiver_may_ask_to_wait(hook_server, new_hook, asked: str, waited_s: float | None) -> None:
    result = channel(hook_server(new_hook(429, {"Retry-After": asked}))).send(b"{}", TO, "d")
    assert result.wait_s == waited_s
    becomes = after(result, 1, NOW)
    assert becomes.next_try_at is not None
    assert timedelta(minutes=5) <= becomes.next_try_at - NOW <= timedelta(hours=4)  # within bounds


def test_an_endless_answer_is_not_read_to_its_end(hook_server, new_hook) -> None:
    result = channel(hook_server(new_hook(400, body=b"x" * 50_000_000))).send(b"{}", TO, "d")
    assert result.permanent
    assert len(result.text) < 400


@pytest.mark.parametrize("status", [0, -1])
def test_an_answer_that_does_not_come_leaves_doubt(hook_server, new_hook, status: int) -> None:
    hook = new_hook(status)
    result = channel(hook_server(hook), limits=Limits(answer_s=0.3)).send(b"{}", TO, "d")
    assert result.outcome is SendOutcome.UNKNOWN
    assert len(hook.taken) == 1  # it is there, and knows it again by its id


def test_an_answer_that_comes_a_byte_at_a_time_ends_at_last(hook_server, new_hook) -> None:
    result = channel(hook_server(new_hook(-2)), limits=Limits(total_s=0.5)).send(b"{}", TO, "d")
    assert result.outcome is SendOutcome.UNKNOWN


def test_what_is_no_web_server_is_not_believed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.sendall(b"220 mail.example ESMTP\r\n")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        result = channel(server.getsockname()[1]).send(b"{}", TO, "d")
        thread.join()
    assert result.outcome is SendOutcome.UNKNOWN
    assert result.text.endswith("what 127.0.0.1 answers is no HTTP")


def test_where_nobody_listens_nothing_was_handed_over(unused_port: int) -> None:
    result = channel(unused_port).send(b"{}", TO, "d")
    assert (result.outcome, result.text) == (
        SendOutcome.UNREACHABLE,
        "nothing listens at 127.0.0.1 on that port",
    )


def test_a_name_that_does_not_resolve_is_said_to_be_one() -> None:
    end = Endpoint("hook", "https://no-such-host.invalid/x", SECRET)
    result = WebhookChannel(end).send(b"{}", TO, "d")
    assert result.outcome is SendOutcome.UNREACHABLE
    assert result.text == "no address is known for the host name no-such-host.invalid"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "has expired"),
        ("other_host", "is for another"),
        ("self_signed", "is self-signed"),
    ],
)
def test_a_certificate_that_is_not_right_stops_it(
    hook_server, new_hook, certificates, kind: str, words: str
) -> None:
    hook = new_hook()
    port = hook_server(hook, getattr(certificates, kind))
    result = channel(port, scheme="https", cafile=certificates.authority).send(b"{}", TO, "d")
    assert result.outcome is SendOutcome.UNREACHABLE
    assert result.text.startswith(f"the certificate of 127.0.0.1 {words}")
    assert not hook.taken


def test_a_good_certificate_lets_it_through_and_only_of_a_known_authority(
    hook_server, new_hook, certificates
) -> None:
    hook = new_hook()
    port = hook_server(hook, certificates.good)
    assert "authority" in channel(port, scheme="https").send(b"{}", TO, "d").text
    known = channel(port, scheme="https", cafile=certificates.authority).send(b"{}", TO, "d")
    assert known.outcome is SendOutcome.ACCEPTED
    assert len(hook.taken) == 1


def test_https_where_http_is_spoken_is_said_to_be_so(hook_server, new_hook) -> None:
    result = channel(hook_server(new_hook()), scheme="https").send(b"{}", TO, "d")
    assert result.text == "no TLS with 127.0.0.1: is the port the right one for https?"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/x",
        "http://10.0.0.1/x",
        "ftp://127.0.0.1/x",
        "https://",
        "https://user:pass@hooks.example.org/",
        "https://hooks.example.org:99999/",
        "https://häk.example/",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/a\r\nX: y",
        "nonsense",
        "https://[::1",
    ],
)
def test_an_address_that_we_may_not_post_to_is_an_error_before_the_first_digest(url: str) -> None:
    with pytest.raises(AlertError, match="channel hook: ") as raised:
        KINDS["webhook"].open(Endpoint("hook", url, SECRET))
    assert "pass" not in str(raised.value)
    assert "/x" not in str(raised.value)


@pytest.mark.parametrize(
    "secret", ["short", "whsec_", "not base64!" * 4, base64.b64encode(b"x" * 65).decode()]
)
def test_a_secret_that_is_none_is_an_error_that_does_not_repeat_it(secret: str) -> None:
    with pytest.raises(AlertError, match="openssl rand -base64 32") as raised:
        signing_key(secret)
    assert secret.removeprefix("whsec_")[:5] not in str(raised.value).split() or secret == "whsec_"


def test_no_failure_shows_the_token_of_the_address_or_the_secret(
    hook_server, new_hook, unused_port: int
) -> None:
    results = [
        channel(
            hook_server(new_hook(status, {"Location": "/in?token=t0psecret"})), limits=Limits(answer_s=0.2)
        )
        for status in (302, 404, 0, -1)
    ]
    said = [one.send(b"{}", TO, "d") for one in (*results, channel(unused_port))]
    assert all("t0psecret" not in repr(one) and SECRET[6:] not in repr(one) for one in said)
    end = Endpoint("hook", "https://x.example/t0psecret", SECRET)
    assert "t0psecret" not in repr(end)
    assert SECRET not in repr(end)


def test_the_document_is_the_whole_digest_and_the_same_every_time(day_digest, day_mail) -> None:
    kind = KINDS["webhook"]
    raw = kind.payload(day_digest, day_mail, Endpoint("hook", "https://x.example/"))
    assert raw == kind.payload(day_digest, day_mail, Endpoint("hook", "https://x.example/"))
    said = json.loads(raw)
    assert (said["type"], said["version"], said["timestamp"]) == ("digest", 1, "2026-11-23T04:30:00Z")
    told = said["data"]
    assert told["subject"] == day_mail.subject
    assert told["shortened"] is None
    assert [entry["story_id"] for entry in told["entries"]] == [one.story_id for one in day_digest.entries]
    first = told["entries"][0]
    assert first["published_at"] == "2026-11-22T16:45:00Z"
    assert {"text": "Belarus", "marked": True} in first["headline"]
    assert first["copies"][0]["outlet"] == "MENAFN"
    assert told["silent_sources"] == ["Ruh News", "Harbour Post"]
