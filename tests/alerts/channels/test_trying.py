"""`tipwatch channels`: by real servers, every step said, every failure with what to do about it, and no token shown."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from tipwatch.cli import run

CONFIG = """\
contact: https://us.example.org/bot
database: sqlite:///watch.db
sources: []
subscriptions:
  - {{id: desk, to: [desk@example.org], topics: [trafficking-resolutions], channels: [mail, hook]}}
mail: {{{mail}, sender: "us@example.org"}}
channels:
  - {{id: hook, kind: webhook, url: "http://127.0.0.1:{port}/t0psecret", secret_env: HOOK_SECRET}}
  - {{id: chat, kind: apprise, url_env: CHAT_URL}}
operator: {operator}
"""


@pytest.fixture
def channels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a `channels` command with this configuration: its exit code, stdout, stderr."""
    for variable in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOOK_SECRET", "whsec_" + "c2VjcmV0LW9mLXRoZS1ob29rLWluLXRlc3Rz" * 1)
    monkeypatch.setenv("CHAT_URL", "json://127.0.0.1:9/t0psecret")
    monkeypatch.setenv("MAIL_PASSWORD", "correct horse")

    def tell(
        *command: str, mail: str = "transport: folder, folder: out/", port: int = 9, operator: str = "null"
    ) -> tuple[int, str, str]:
        Path("config.yaml").write_text(CONFIG.format(mail=mail, port=port, operator=operator))
        code = run(["channels", *command])
        heard = capsys.readouterr()
        assert "t0psecret" not in heard.out + heard.err
        assert "correct horse" not in heard.out + heard.err
        return code, heard.out, heard.err

    return tell


def smtp(port: int, more: str = "tls: none", host: str = "127.0.0.1") -> str:
    return f"transport: smtp, host: {host}, port: {port}, {more}"


def steps(told: tuple[int, str, str]) -> tuple[int, dict[str, tuple[bool, str]]]:
    said = json.loads(told[1])
    assert said["ok"] is (told[0] == 0)
    return told[0], {step["step"]: (step["ok"], step["said"]) for step in said["steps"]}


def test_the_list_says_where_each_leads_and_who_goes_out_by_it(channels) -> None:
    code, out, _ = channels("list", "--json")
    rows = {row["channel"]: row for row in map(json.loads, out.splitlines())}
    assert code == 0
    assert list(rows) == ["mail", "hook", "chat"]
    assert rows["hook"] == {
        "channel": "hook",
        "kind": "webhook",
        "leads_to": "http://127.0.0.1/…",
        "subscriptions": ["desk"],
        "problem": "",
    }
    assert rows["chat"]["leads_to"] == "json://…"
    assert "desk" in channels("list")[1]


def test_a_folder_gets_a_file_and_says_where(channels) -> None:
    code, said = steps(channels("test", "mail", "--json"))
    assert code == 0
    mail = message_from_bytes(Path(said["sent"][1]).read_bytes(), policy=policy.default)
    assert mail["Subject"] == "tipwatch: a test message"


def test_a_webhook_gets_a_signed_test(channels, hook_server, new_hook) -> None:
    hook = new_hook()
    code, out, _ = channels("test", "hook", port=hook_server(hook))
    assert code == 0
    assert out.splitlines()[-1] == "ok  sent     127.0.0.1 answered 204"
    [(_, headers, body)] = hook.taken
    assert headers["webhook-signature"].startswith("v1,")
    assert json.loads(body)["data"]["id"].startswith("test-")


def test_a_webhook_that_refuses_is_a_failure_with_what_to_do(channels, hook_server, new_hook) -> None:
    code, said = steps(channels("test", "hook", "--json", port=hook_server(new_hook(401))))
    assert code == 1
    assert said["sent"] == (
        False,
        "401 127.0.0.1: Unauthorized; the receiver does not know us: compare the url and the secret on both sides",
    )


def test_chat_gets_a_test(
    channels, hook_server, new_hook, monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    hook = new_hook(200)
    monkeypatch.setenv("CHAT_URL", f"json://127.0.0.1:{hook_server(hook)}/t0psecret")
    assert channels("test", "chat")[0] == 0
    assert "this is a test message" in json.loads(hook.taken[0][2])["message"].lower()
    monkeypatch.setenv("CHAT_URL", f"json://127.0.0.1:{unused_port}/t0psecret")
    code, said = steps(channels("test", "chat", "--json"))
    assert (code, said["sent"]) == (1, (False, "JSON: nothing listens at its host on that port"))
    monkeypatch.setenv("CHAT_URL", "nosuchthing://t0psecret")
    code, said = steps(channels("test", "chat", "--json"))
    assert (code, said["settings"][0]) == (1, False)


def test_a_mail_server_is_tried_step_by_step(channels, mail_server, new_sink) -> None:
    sink = new_sink()
    code, out, _ = channels("test", "mail", "--to", "me@example.org", mail=smtp(mail_server(sink)))
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["ok", "name"],
        ["ok", "port"],
        ["ok", "session"],
        ["ok", "sent"],
    ]
    assert "in clear" in out
    assert [mail[1] for mail in sink.mails] == [["me@example.org"]]


def test_without_an_address_the_operator_gets_the_test_and_no_reader(channels, mail_server, new_sink) -> None:
    sink = new_sink()
    mail = smtp(mail_server(sink))
    code, _, err = channels("test", "mail", mail=mail)
    assert code == 2
    assert "--to ADDRESS" in err
    operator = '{to: [op@example.org], at: "06:00"}'
    assert channels("test", "mail", mail=mail, operator=operator)[0] == 0
    assert [mail[1] for mail in sink.mails] == [["op@example.org"]]


@pytest.mark.parametrize("address", ["nobody", "a b@example.org", "a@-"])
def test_an_address_that_is_none_is_a_usage_error(channels, address: str) -> None:
    code, _, err = channels("test", "mail", "--to", address, mail=smtp(9))
    assert code == 2
    assert "--to: " in err


def test_a_mail_server_that_nobody_knows_is_said_to_be_one(channels) -> None:
    told = channels(
        "test",
        "mail",
        "--to",
        "a@b.example",
        "--json",
        mail=smtp(25, "tls: starttls", "no-such-host.invalid"),
    )
    code, said = steps(told)
    assert code == 1
    assert list(said) == ["name"]
    assert said["name"][1].startswith(
        "no address is known for the host name no-such-host.invalid: check mail.host"
    )


def test_a_port_where_nobody_listens_is_said_to_be_one(channels, unused_port: int) -> None:
    code, said = steps(channels("test", "mail", "--to", "a@b.example", "--json", mail=smtp(unused_port)))
    assert code == 1
    assert said["port"] == (
        False,
        f"nothing listens at 127.0.0.1 port {unused_port}: check mail.host and mail.port",
    )


def test_a_server_without_starttls_is_told_from_one_with(channels, mail_server, new_sink) -> None:
    mail = smtp(mail_server(new_sink()), "tls: starttls")
    code, said = steps(channels("test", "mail", "--to", "a@b.example", "--json", mail=mail))
    assert code == 1
    assert said["session"][0] is False
    assert "STARTTLS" in said["session"][1]
    assert "Nothing is sent in clear" in said["session"][1]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "has expired"),
        ("other_host", "another"),
        ("self_signed", "self-signed: name it as mail.cafile"),
    ],
)
def test_a_wrong_certificate_says_which_and_what_to_do(
    channels, mail_server, new_sink, certificates, kind: str, words: str
) -> None:
    port = mail_server(new_sink(), tls_context=getattr(certificates, kind))
    mail = smtp(port, f"tls: starttls, cafile: {certificates.authority}")
    code, said = steps(channels("test", "mail", "--to", "a@b.example", "--json", mail=mail))
    assert code == 1
    assert said["session"][0] is False
    assert words in said["session"][1]


@pytest.mark.parametrize("right", [True, False])
def test_a_login_is_tried(channels, mail_server, new_sink, certificates, right: bool) -> None:
    def check(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=right, handled=False)

    sink = new_sink()
    port = mail_server(sink, tls_context=certificates.good, authenticator=check, auth_required=True)
    mail = smtp(
        port,
        f"tls: starttls, cafile: {certificates.authority}, username: us, password_env: MAIL_PASSWORD",
    )
    code, said = steps(channels("test", "mail", "--to", "a@b.example", "--json", mail=mail))
    assert (code == 0) is right
    if right:
        assert "TLSv1" in said["session"][1]
        assert "certificate valid until" in said["session"][1]
        assert said["session"][1].endswith("it knows us as us")
        assert len(sink.mails) == 1
    else:
        assert "does not accept the user name and password" in said["session"][1]
        assert "check mail.username and the password" in said["session"][1]


@pytest.mark.parametrize(
    ("step", "answer"), [("on_rcpt", "550 no such user here"), ("on_data", "554 we take no mail from you")]
)
def test_a_refused_mail_says_what_the_server_said(
    channels, mail_server, new_sink, step: str, answer: str
) -> None:
    mail = smtp(mail_server(new_sink(**{step: answer})))
    code, said = steps(channels("test", "mail", "--to", "a@b.example", "--json", mail=mail))
    assert code == 1
    assert said["session"][0] is True
    assert said["sent"][0] is False
    assert answer[4:] in said["sent"][1]


def test_a_lost_answer_is_called_a_doubt(channels, mail_server, new_sink) -> None:
    mail = smtp(mail_server(new_sink(on_data="cut")))
    code, said = steps(channels("test", "mail", "--to", "a@b.example", "--json", mail=mail))
    assert code == 1
    assert said["sent"][1].endswith("it may have arrived all the same")


def test_a_channel_that_does_not_exist_is_a_usage_error_that_names_those_that_do(channels) -> None:
    code, _, err = channels("test", "nope")
    assert code == 2
    assert "(there are: mail, hook, chat)" in err
