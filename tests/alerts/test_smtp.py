"""SMTP against real servers that accept, refuse, cut, stall, and protect themselves badly (M04, M06-M09, M14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from alerts.channels.email import (
    EmailChannel,
    Envelope,
    SmtpSession,
    SmtpSettings,
    TlsMode,
    build_message,
    send_smtp,
)
from alerts.digest import RenderedMail
from alerts.errors import AlertError
from alerts.outbox import SendOutcome, SendResult
from alerts.subscription import Recipient

READER = Recipient("reader@example.org")


@pytest.fixture(scope="module")
def mail_bytes() -> bytes:
    envelope = Envelope(
        sender=Recipient("tipwatch@example.org"),
        recipient=READER,
        message_id="<d.1.1@example.org>",
        date=datetime(2026, 11, 23, tzinfo=UTC),
        list_id="desk.example.org",
    )
    return build_message(RenderedMail("s", "first line\n.\n..dots\n", "<p>h</p>\n"), envelope)


def plain(port: int, **more) -> SmtpSettings:
    quick = SmtpSettings("127.0.0.1", port, tls=TlsMode.NONE, timeout_s=2, data_timeout_s=0.5)
    return replace(quick, **more)


def test_a_server_that_accepts_has_the_mail_byte_for_byte(mail_server, new_sink, mail_bytes):
    sink = new_sink()
    result = send_smtp(mail_bytes, plain(mail_server(sink)), READER)
    assert result == SendResult.accepted("queued")
    assert sink.mails == [("tipwatch@example.org", ["reader@example.org"], mail_bytes)]


def test_bounces_go_to_the_envelope_address_when_one_is_set(mail_server, new_sink, mail_bytes):
    sink = new_sink()
    send_smtp(mail_bytes, plain(mail_server(sink), envelope_from="bounces@example.org"), READER)
    assert sink.mails[0][0] == "bounces@example.org"


def test_m04_a_connection_lost_after_the_final_dot_is_unknown(mail_server, new_sink, mail_bytes):
    sink = new_sink(on_data="cut")
    result = send_smtp(mail_bytes, plain(mail_server(sink)), READER)
    assert result.outcome is SendOutcome.UNKNOWN
    assert len(sink.mails) == 1


def test_m04_no_answer_after_the_final_dot_is_unknown(mail_server, new_sink, mail_bytes):
    result = send_smtp(mail_bytes, plain(mail_server(new_sink(on_data="stall"))), READER)
    assert result.outcome is SendOutcome.UNKNOWN
    assert "handed over" in result.text


def test_a_connection_lost_before_the_mail_was_handed_over_is_no_delivery(mail_server, new_sink, mail_bytes):
    sink = new_sink(on_rcpt="cut")
    result = send_smtp(mail_bytes, plain(mail_server(sink)), READER)
    assert result.outcome is SendOutcome.UNREACHABLE
    assert sink.mails == []


@pytest.mark.parametrize(
    ("answer", "permanent"), [("550 no such mailbox", True), ("451 greylisted", False), ("452 full", False)]
)
@pytest.mark.parametrize("step", ["on_rcpt", "on_data"])
def test_m06_a_refusal_carries_its_code_and_words(mail_server, new_sink, mail_bytes, answer, permanent, step):
    sink = new_sink(**{step: answer})
    result = send_smtp(mail_bytes, plain(mail_server(sink)), READER)
    assert result.outcome is SendOutcome.REFUSED
    assert (result.code, result.text, result.permanent) == (int(answer[:3]), answer[4:], permanent)
    assert sink.mails == []


@pytest.mark.parametrize("step", ["on_rcpt", "on_data"])
def test_m06_a_server_that_shuts_down_is_tried_again(mail_server, new_sink, mail_bytes, step):
    result = send_smtp(mail_bytes, plain(mail_server(new_sink(**{step: "421 shutting down"}))), READER)
    assert result.code == 421
    assert not result.permanent


def test_m07_a_refused_recipient_does_not_touch_the_next_one(mail_server, new_sink, mail_bytes):
    sink = new_sink(on_rcpt="550 not here")
    with SmtpSession(plain(mail_server(sink))) as session:
        assert session.send(mail_bytes, READER).outcome is SendOutcome.REFUSED
        sink.on_rcpt = ""
        assert session.send(mail_bytes, Recipient("other@example.org")).outcome is SendOutcome.ACCEPTED
    assert sink.connections == 1
    assert [mail[1] for mail in sink.mails] == [["other@example.org"]]


def test_several_mails_share_a_connection_and_a_lost_one_is_replaced(mail_server, new_sink, mail_bytes):
    sink = new_sink()
    channel = EmailChannel(plain(mail_server(sink)))
    assert channel.send(mail_bytes, READER, "one").outcome is SendOutcome.ACCEPTED
    assert channel.send(mail_bytes, READER, "two").outcome is SendOutcome.ACCEPTED
    assert sink.connections == 1
    channel._session._smtp.sock.shutdown(2)
    assert channel.send(mail_bytes, READER, "three").outcome is SendOutcome.ACCEPTED
    channel.close()
    assert (sink.connections, len(sink.mails)) == (2, 3)


def test_m08_a_mail_too_large_is_refused_before_it_is_sent(mail_server, new_sink, mail_bytes):
    port = mail_server(new_sink(), data_size_limit=100)
    result = send_smtp(mail_bytes, plain(port), READER)
    assert (result.code, result.permanent) == (552, True)


def test_m09_a_server_without_starttls_gets_nothing(mail_server, new_sink, mail_bytes):
    sink = new_sink()
    result = send_smtp(mail_bytes, plain(mail_server(sink), tls=TlsMode.STARTTLS), READER)
    assert result.outcome is SendOutcome.UNREACHABLE
    assert "STARTTLS" in result.text
    assert sink.mails == []


@pytest.mark.parametrize("mode", [TlsMode.STARTTLS, TlsMode.TLS])
@pytest.mark.parametrize(
    "bad", ["expired: has expired", "self_signed: self-signed", "other_host: another IP address"]
)
def test_m09_a_bad_certificate_is_refused_and_explained(
    mail_server, new_sink, certificates, mail_bytes, mode, bad
):
    kind, words = bad.split(": ")
    sink, context = new_sink(), getattr(certificates, kind)
    port = mail_server(sink, **{"tls_context" if mode is TlsMode.STARTTLS else "ssl_context": context})
    settings = plain(port, tls=mode, cafile=certificates.authority)
    result = send_smtp(mail_bytes, settings, READER)
    assert result.outcome is SendOutcome.UNREACHABLE
    assert result.text.startswith("certificate of 127.0.0.1 ")
    assert words in result.text
    assert sink.mails == []


def test_m09_an_authority_we_do_not_know_is_not_trusted(mail_server, new_sink, certificates, mail_bytes):
    port = mail_server(new_sink(), tls_context=certificates.good)
    result = send_smtp(mail_bytes, plain(port, tls=TlsMode.STARTTLS), READER)
    assert "authority we do not know" in result.text


# aiosmtpd sees TLS from the first byte as none, and warns
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("mode", [TlsMode.STARTTLS, TlsMode.TLS])
def test_a_good_certificate_carries_mail_and_password(mail_server, new_sink, certificates, mail_bytes, mode):
    sink, context = new_sink(), certificates.good
    logins = []

    def check(server, session, envelope, mechanism, login):
        logins.append((login.login, login.password, session.ssl is not None))
        return AuthResult(success=login.password == b"correct horse", handled=False)

    if mode is TlsMode.STARTTLS:
        tls = {"tls_context": context, "require_starttls": True}
    else:
        tls = {"ssl_context": context, "auth_require_tls": False}
    port = mail_server(sink, authenticator=check, auth_required=True, **tls)
    settings = plain(
        port, tls=mode, cafile=certificates.authority, username="tipwatch", password="correct horse"
    )
    assert send_smtp(mail_bytes, settings, READER).outcome is SendOutcome.ACCEPTED
    wrong = send_smtp(mail_bytes, replace(settings, password="wrong"), READER)
    assert wrong.outcome is SendOutcome.UNREACHABLE
    assert "user name and password" in wrong.text
    assert len(sink.mails) == 1
    assert logins[0][:2] == (b"tipwatch", b"correct horse")


def test_m09_a_plain_connection_leaves_this_machine_only_when_allowed():
    with pytest.raises(AlertError, match="this machine"):
        SmtpSettings("mail.example.org", tls=TlsMode.NONE)
    assert SmtpSettings("mail.example.org", tls=TlsMode.NONE, allow_insecure=True)
    assert SmtpSettings("localhost", tls=TlsMode.NONE)
    assert SmtpSettings("::1", tls=TlsMode.NONE)


def test_m09_a_password_in_clear_is_a_configuration_error():
    with pytest.raises(AlertError, match="clear"):
        SmtpSettings("localhost", tls=TlsMode.NONE, username="a", password="b")


def test_m14_the_password_is_not_in_what_settings_print():
    assert "s3cret" not in repr(SmtpSettings("mail.example.org", username="a", password="s3cret"))


def test_a_server_that_is_not_there_is_told_in_words(mail_bytes, unused_port):
    result = send_smtp(mail_bytes, plain(unused_port), READER)
    assert result.outcome is SendOutcome.UNREACHABLE
    assert result.text == "nothing listens at 127.0.0.1 on that port: check mail.host and mail.port"


def test_a_host_name_that_does_not_exist_is_told_in_words(mail_bytes):
    settings = SmtpSettings("mail.invalid", timeout_s=5)
    result = send_smtp(mail_bytes, settings, READER)
    assert result.outcome is SendOutcome.UNREACHABLE
    assert "mail.invalid" in result.text


def test_tls_towards_a_plain_port_asks_about_the_port(mail_server, new_sink, mail_bytes):
    result = send_smtp(mail_bytes, plain(mail_server(new_sink()), tls=TlsMode.TLS), READER)
    assert result.outcome is SendOutcome.UNREACHABLE
    assert "port" in result.text


def test_a_certificate_file_that_is_missing_is_told_not_raised(mail_bytes, tmp_path: Path):
    settings = SmtpSettings("127.0.0.1", 9, cafile=tmp_path / "none.pem")
    assert send_smtp(mail_bytes, settings, READER).outcome is SendOutcome.UNREACHABLE


def test_an_address_that_would_add_a_command_is_never_spoken(mail_server, new_sink, mail_bytes):
    sink = new_sink()
    hostile = Recipient("a@example.org>\r\nRCPT TO:<victim@example.org")
    result = send_smtp(mail_bytes, plain(mail_server(sink)), hostile)
    assert (result.outcome, result.permanent) == (SendOutcome.REFUSED, True)
    assert sink.connections == 0
