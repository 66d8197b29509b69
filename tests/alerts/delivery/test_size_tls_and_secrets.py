"""M08 (too large), M09 (TLS), M10 (addresses), M14 (credentials): against real servers, seen from the row."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from alerts.channels.email import SmtpSettings, TlsMode, send_smtp
from alerts.outbox import DeliveryState, after

MINUTE = timedelta(minutes=1)
READER = "reader@example.org"
PASSWORD = "canary-7-q:x"


@pytest.mark.parametrize(
    "answer", ["552 too big", "552 5.3.4 message too large", "550 5.2.3 over the limit for this mailbox"]
)
@pytest.mark.parametrize("step", ["MAIL", "."])
def test_m08_a_mail_too_large_is_made_small_once_and_sent_at_once(
    office: Any, step: str, answer: str
) -> None:
    office.write(READER, html="<p>" + "many words " * 5000 + "</p>\n")
    office.script.next_times[step] = [answer]
    report = office.send()
    assert [one.state for one in report.deliveries] == [DeliveryState.RETRY, DeliveryState.SENT]
    assert "made smaller" in report.deliveries[0].error
    assert (office.row.state, office.row.attempts) == (DeliveryState.SENT, 2)
    ((_, _, raw),) = office.script.mails
    assert len(raw) < 3000
    assert office.script.message_ids() == {office.row.message_id}
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail.get_content_type() == "text/plain"
    assert "The text of the digest" in mail.get_content()
    assert raw == office.store.outbox.raw(office.row.id)


def test_m08_a_mail_too_large_even_when_small_has_failed(office: Any) -> None:
    office.write(READER)
    office.script.always["."] = "552 too big"
    report = office.send()
    assert [one.state for one in report.deliveries] == [DeliveryState.RETRY, DeliveryState.FAILED]
    assert (office.row.state, office.wait()) == (DeliveryState.FAILED, None)
    assert "takes no mail as large" in office.row.last_error
    assert office.script.mails == []
    assert office.store.mailboxes.listed() == ()


def test_m08_a_server_that_names_its_limit_is_not_sent_the_mail_at_all(
    new_office: Callable[[int], Any], scripted_server: Callable[..., int], script: Any
) -> None:
    office = new_office(scripted_server(data_size_limit=2000))
    office.write(READER, html="<p>" + "many words " * 5000 + "</p>\n")
    office.send()
    assert office.row.state is DeliveryState.SENT
    assert [line.split()[0] for line in script.heard].count("DATA") == 1
    assert len(script.mails[0][2]) < 2000


@pytest.mark.parametrize("answer", ["552 5.2.2 mailbox full", "552 over quota", "452 4.2.2 mailbox full"])
def test_m08_a_full_mailbox_is_no_mail_too_large(office: Any, answer: str) -> None:
    office.write(READER)
    office.script.always["RCPT"] = answer
    office.send()
    assert office.row.state is (DeliveryState.RETRY if answer[0] == "4" else DeliveryState.FAILED)
    assert "make room" in office.row.last_error or answer == "452 4.2.2 mailbox full"
    assert "made smaller" not in office.row.last_error
    assert office.store.mailboxes.listed() == ()


def test_m08_a_mail_that_may_have_arrived_large_is_still_known_by_its_message_id(office: Any) -> None:
    office.write(READER)
    office.script.next_times["."] = ["cut", "552 too big"]
    office.send()
    office.later(minutes=30)
    office.send()
    assert office.row.state is DeliveryState.SENT
    assert len(office.script.mails) == 2
    assert office.script.message_ids() == {office.row.message_id}


def waits_untouched(office: Any) -> None:
    """Nothing was handed over, and it is tried again in five minutes."""
    assert (office.row.state, office.wait()) == (DeliveryState.RETRY, 5 * MINUTE)
    assert office.script.mails == []
    assert not [line for line in office.script.heard if line.startswith(("MAIL", "AUTH"))]


def test_m09_a_server_without_starttls_gets_nothing_in_clear(office: Any) -> None:
    office.write(READER)
    office.send(tls=TlsMode.STARTTLS, username="tipwatch", password=PASSWORD)
    waits_untouched(office)
    assert "STARTTLS" in office.row.last_error
    assert "Nothing is sent in clear" in office.row.last_error


@pytest.mark.parametrize("answer", ["454 4.7.0 TLS not available", "502 no", "hello?"])
def test_m09_a_server_that_takes_starttls_back_gets_nothing_in_clear(
    new_office: Any, scripted_server: Any, script: Any, certificates: Any, answer: str
) -> None:
    office = new_office(scripted_server(tls_context=certificates.good))
    office.write(READER)
    script.always["STARTTLS"] = answer
    office.send(tls=TlsMode.STARTTLS, cafile=certificates.authority)
    waits_untouched(office)


def test_m09_a_handshake_that_is_cut_is_told_and_tried_again(
    new_office: Any, scripted_server: Any, script: Any, certificates: Any
) -> None:
    office = new_office(scripted_server(tls_context=certificates.good))
    office.write(READER)
    script.always["handshake"] = "cut"
    office.send(tls=TlsMode.STARTTLS, cafile=certificates.authority)
    waits_untouched(office)
    script.always.clear()
    office.later(minutes=5)
    assert office.send(tls=TlsMode.STARTTLS, cafile=certificates.authority).sent == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "has expired: whoever runs that server must renew it"),
        ("self_signed", "is self-signed: name it as mail.cafile"),
        ("other_host", "is for another IP address: mail.host must be"),
    ],
)
@pytest.mark.parametrize("mode", [TlsMode.STARTTLS, TlsMode.TLS])
def test_m09_a_certificate_that_is_not_right_keeps_the_mail_here_and_says_what_to_do(
    new_office: Any, scripted_server: Any, certificates: Any, kind: str, words: str, mode: TlsMode
) -> None:
    setting = "tls_context" if mode is TlsMode.STARTTLS else "ssl_context"
    office = new_office(scripted_server(**{setting: getattr(certificates, kind)}))
    office.write(READER)
    office.send(tls=mode, cafile=certificates.authority, username="tipwatch", password=PASSWORD)
    waits_untouched(office)
    assert office.row.last_error.startswith("certificate of 127.0.0.1")
    assert words in office.row.last_error


def test_m09_an_authority_that_we_do_not_know_is_not_trusted(
    new_office: Any, scripted_server: Any, certificates: Any
) -> None:
    office = new_office(scripted_server(tls_context=certificates.good))
    office.write(READER)
    office.send(tls=TlsMode.STARTTLS)
    waits_untouched(office)
    assert "mail.cafile" in office.row.last_error


def test_m10_a_domain_in_any_script_is_spoken_in_a_labels(office: Any) -> None:
    office.write("desk@почта.пример")
    assert office.send().sent == 1
    ((_, to, _),) = office.script.mails
    assert to == "desk@xn--80a1acny.xn--e1afmkfd"
    assert all(line.isascii() for line in office.script.heard)


def test_m10_a_local_part_that_smtp_cannot_carry_is_refused_without_a_connection(office: Any) -> None:
    office.write(READER)
    item = office.store.outbox.claim(office.now, 60)
    hostile = replace(item.recipient, address="читатель@example.org")
    result = send_smtp(item.raw, SmtpSettings("127.0.0.1", **office.settings), hostile)
    becomes = after(result, 1, office.now)
    assert (becomes.state, becomes.address_works) == (DeliveryState.FAILED, False)
    assert "plain ASCII" in becomes.error
    assert office.script.connections == 0


def test_m14_a_password_refused_and_repeated_by_the_server_stands_nowhere(
    new_office: Any,
    scripted_server: Any,
    script: Any,
    certificates: Any,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    office = new_office(scripted_server(tls_context=certificates.good, authenticator=lambda *_: None))
    office.write(READER)
    script.always["AUTH"] = f"535 5.7.8 no: {PASSWORD}"
    settings = {
        "tls": TlsMode.STARTTLS,
        "cafile": certificates.authority,
        "username": "tipwatch",
        "password": PASSWORD,
    }
    with caplog.at_level(logging.DEBUG, logger="alerts"):
        report = office.send(**settings)
    assert (office.row.state, office.wait()) == (DeliveryState.RETRY, 5 * MINUTE)
    assert "mail.username" in office.row.last_error
    logged = [record.getMessage() for record in caplog.records if record.name.startswith("alerts")]
    shown = [
        repr(report),
        repr(office.rows()),
        repr(SmtpSettings("127.0.0.1", **{**office.settings, **settings})),
    ]
    seen = "\n".join([*logged, *shown, *capfd.readouterr()])
    in_plain = b64encode(f"\0tipwatch\0{PASSWORD}".encode()).decode()
    for secret in (PASSWORD, b64encode(PASSWORD.encode()).decode(), in_plain):
        assert secret not in seen


def test_m14_a_password_is_never_offered_in_clear(office: Any) -> None:
    office.write(READER)
    with pytest.raises(Exception, match="never sent in clear"):
        office.send(tls=TlsMode.NONE, username="tipwatch", password=PASSWORD)
    assert office.script.connections == 0
    assert office.row.state is DeliveryState.PENDING


def test_m14_no_address_of_a_reader_stands_in_the_log(office: Any, caplog: pytest.LogCaptureFixture) -> None:
    office.write(READER, "gone@example.org")
    office.script.always["gone@example.org"] = "550 5.1.1 gone"
    with caplog.at_level(logging.INFO, logger="alerts"):
        office.send()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("alerts")]
    assert len(ours) == 2
    assert "example.org" not in "\n".join(ours)
