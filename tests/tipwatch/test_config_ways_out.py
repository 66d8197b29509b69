"""Readers, quiet hours, channels, feeds and links of the configuration: the values, the lines, and no secret anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from alerts.subscription import EVERY_DAY, Instant, QuietHours, Recipient, Schedule
from tipwatch.cli import run
from tipwatch.config import Config, ConfigError, load_config, remarks
from tipwatch.config.load import shipped_config

#: what must never be printed
CANARIES = {
    "CHAT": "tgram://canary-chat-1a2b/room",
    "HOOK": "https://hooks.example/canary-hook-3c4d",
    "SIGN": "canary-sign-5e6f",
    "LINK": "canary-link-7a8b9c0d",
    "MAIL": "canary-mail-1e2f",
}
WHOLE = """\
sources:
  - {id: belta, feeds: [https://belta.example/rss]}
  - {id: azertac, feeds: [https://azertac.example/rss]}
subscriptions:
  - id: desk
    to:
      - Desk <desk@example.org>
      - {to: "Anna <anna@example.org>", language: ru}
      - to: DESK@example.org
    topics: [trafficking-news]
    language: az
    timezone: Asia/Baku
    instant: {gather: 90s}
    quiet_hours: "22:00-07:00"
    heartbeat: false
    channels: [mail, chat, archive]
    outlets: [azertac]
  - id: wire
    topics: [trafficking-news]
    channels: [archive]
mail: {transport: smtp, host: mail.example.org, username: u, password_env: MAIL, per_minute: 12}
channels:
  - {id: chat, kind: apprise, url_env: CHAT}
  - {id: archive, kind: webhook, url_env: HOOK, secret_env: SIGN}
publish: {folder: feeds, base_url: "https://news.example.org/feeds/", entries: 20}
operator:
  to: [ops@example.org]
  at: "05:45"
  timezone: Europe/Minsk
  language: ru
public_url: https://watch.example.org/
link_secret_env: LINK
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes a text as the configuration of the working directory; the canaries are in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("TIPWATCH_CONFIG", "TIPWATCH_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, secret in CANARIES.items():
        monkeypatch.setenv(name, secret)

    def write(text: str) -> Path:
        Path("config.yaml").write_text(text, encoding="utf-8")
        return Path("config.yaml")

    return write


@pytest.fixture
def given(written) -> Callable[[str], Config]:
    """The configuration that a text comes to."""
    return lambda text: load_config(written(text), CANARIES)


def test_a_subscription_has_all_that_was_asked_for(given):
    desk, wire = given(WHOLE).subscriptions
    assert desk.recipients == (
        Recipient("desk@example.org", "Desk", None),
        Recipient("anna@example.org", "Anna", "ru"),
    )
    assert (desk.language, desk.outlets, desk.heartbeat) == ("az", ("azertac",), False)
    assert desk.instant == Instant(min_score=0.9, max_per_hour=10, gather_s=90)
    assert desk.quiet == QuietHours(time(22), time(7))
    assert desk.channels == ("mail", "chat", "archive")
    assert (wire.recipients, wire.channels, wire.language) == ((), ("archive",), "en")


def test_channels_have_their_address_and_secret_from_the_environment(given):
    config = given(WHOLE)
    chat, archive = config.channels
    assert (chat.id, chat.kind, chat.url.get_secret_value(), chat.secret) == (
        "chat",
        "apprise",
        CANARIES["CHAT"],
        None,
    )
    assert archive.secret is not None
    assert (archive.url.get_secret_value(), archive.secret.get_secret_value()) == (
        CANARIES["HOOK"],
        CANARIES["SIGN"],
    )
    assert config.channel("archive") is archive
    assert config.channel("gone") is None


def test_feeds_the_operator_and_the_public_address_are_read(given, tmp_path):
    config = given(WHOLE)
    assert config.publish is not None
    assert (config.publish.folder, config.publish.base_url, config.publish.entries) == (
        tmp_path / "feeds",
        "https://news.example.org/feeds",
        20,
    )
    assert config.operator is not None
    assert config.operator.recipients == (Recipient("ops@example.org"),)
    assert config.operator.schedule == Schedule((time(5, 45),), EVERY_DAY)
    assert (config.operator.timezone, config.operator.language) == ("Europe/Minsk", "ru")
    assert config.public_url == "https://watch.example.org"
    assert config.link_secret is not None
    assert config.link_secret.get_secret_value() == CANARIES["LINK"]
    assert config.mail.per_minute == 12


def test_secrets_may_come_from_files(given, tmp_path):
    for name in ("url", "sign", "link"):
        (tmp_path / name).write_text(f"https://hooks.example/{name}/canary\r\n")
    config = given(
        "channels: [{id: a, kind: webhook, url_file: url, secret_file: sign}]\n"
        "public_url: https://w.example.org\nlink_secret_file: link"
    )
    assert config.channels[0].url.get_secret_value() == "https://hooks.example/url/canary"
    assert config.channels[0].secret is not None
    assert config.link_secret is not None
    assert config.link_secret.get_secret_value() == "https://hooks.example/link/canary"


DESK = "subscriptions:\n  - id: desk\n    to: [desk@example.org]\n    topics: [t]\n"
HOOK = "channels:\n  - id: hook\n    kind: webhook\n"
#: name: (text, messages after "config.yaml:")
WRONG = {
    "language of the frame": (
        DESK + "    language: fr",
        '5:15: subscriptions.0.language: "fr" is not known here: write en, ru or az',
    ),
    "language of a reader": (
        DESK.replace("[desk@example.org]", "[{to: d@example.org, language: by}]"),
        '3:40: subscriptions.0.to.0.language: "by" is not known here: write en, ru or az',
    ),
    "key of a reader": (
        DESK.replace("[desk@example.org]", "[{to: d@example.org, lang: ru}]"),
        '3:30: subscriptions.0.to.0.lang: unknown key (did you mean "language"?)',
    ),
    "reader without mailbox": (
        DESK.replace("[desk@example.org]", "[{language: ru}]"),
        "3:10: subscriptions.0.to.0.to: is missing: add `to: ...` here",
    ),
    "reader that is no mailbox": (
        DESK.replace("[desk@example.org]", "[{to: Anna}]"),
        (
            '3:15: subscriptions.0.to.0.to: "Anna" is not a mailbox: '
            'write "Name <name@example.org>" or "name@example.org"'
        ),
    ),
    "nobody to write to": (
        "subscriptions: [{id: desk, topics: [t]}]",
        "1:17: subscriptions.0.to: is missing: add `to: ...` here",
    ),
    "empty list of readers": (
        DESK.replace("[desk@example.org]", "[]"),
        "3:9: subscriptions.0.to: must not be empty: write at least one",
    ),
    "quiet hours": (
        DESK + "    quiet_hours: night",
        (
            '5:18: subscriptions.0.quiet_hours: "night" are no quiet hours: '
            'write "HH:MM-HH:MM", from when to when, e.g. "22:00-07:00"'
        ),
    ),
    "quiet hours with a wrong time": (
        DESK + "    quiet_hours: 22:00-7",
        '5:18: subscriptions.0.quiet_hours: "7" is not a time of day: write "HH:MM" from "00:00" to "23:59"',
    ),
    "quiet all day": (
        DESK + "    quiet_hours: 22:00-22:00",
        (
            '5:18: subscriptions.0.quiet_hours: "22:00-22:00" would be the whole day: '
            "write two different times, or remove instant"
        ),
    ),
    "gather": (
        DESK + "    instant: {gather: 2h}",
        '5:23: subscriptions.0.instant.gather: "2h" is out of range: write 0s to 1h',
    ),
    "key of instant": (
        DESK + "    instant: {max_hour: 2}",
        '5:15: subscriptions.0.instant.max_hour: unknown key (did you mean "max_per_hour"?)',
    ),
    "unknown channel": (
        DESK + "    channels: [mail, hok]\n" + HOOK + "    url: https://h.example/",
        '5:22: subscriptions.0.channels.1: no channel has the id "hok" (did you mean "hook"?); there are: mail, hook',
    ),
    "no channel": (
        DESK + "    channels: []",
        "5:15: subscriptions.0.channels: must not be empty: write at least one",
    ),
    "outlet that no source has": (
        "sources: [{id: azertac, feeds: [https://a.example/]}]\n" + DESK + "    outlets: [azertag]",
        '6:15: subscriptions.0.outlets.0: no source has the id "azertag" (did you mean "azertac"?)',
    ),
    "subscription called operator": (
        DESK.replace("id: desk", "id: operator"),
        '2:9: subscriptions.0.id: "operator" is the name of the mail about the machine itself: choose another',
    ),
    "reserved channel": (
        HOOK.replace("id: hook", "id: smtp") + "    url: https://h.example/",
        '2:9: channels.0.id: "smtp" is a name with a meaning of its own here: choose another',
    ),
    "channel given twice": (
        HOOK + "    url: https://h.example/\n  - {id: hook, kind: webhook, url: https://i.example/}",
        '5:10: channels.1.id: "hook" is already the id on line 2: give each its own',
    ),
    "kind": (
        HOOK.replace("webhook", "pigeon") + "    url: https://h.example/",
        '3:11: channels.0.kind: "pigeon" is not known here: write apprise or webhook',
    ),
    "channel without address": (
        HOOK,
        "2:5: channels.0: needs an address: name a variable with url_env, or a file with url_file",
    ),
    "two addresses": (
        HOOK + "    url: https://h.example/\n    url_env: HOOK",
        "5:5: channels.0.url_env: the address is already given by url: keep one of the two",
    ),
    "webhook in clear": (
        HOOK + "    url: http://h.example/canary",
        (
            "4:10: channels.0.url: without TLS only this machine (localhost) is spoken to: "
            "write it with https://"
        ),
    ),
    "webhook with a login": (
        HOOK + "    url: https://me:canary@h.example/",
        "4:10: channels.0.url: a user name or password in a web address would end up in logs: remove it",
    ),
    "webhook that is no address, in a variable": (
        HOOK + "    url_env: MAIL",
        "4:14: channels.0.url_env: this is not a web address: write it whole, beginning with https://",
    ),
    "apprise that is no address": (
        HOOK.replace("webhook", "apprise") + "    url_env: MAIL",
        '4:14: channels.0.url_env: this is not an address of apprise: write one such as "tgram://TOKEN/CHAT"',
    ),
    "apprise that is to be signed": (
        HOOK.replace("webhook", "apprise") + "    url_env: CHAT\n    secret_env: SIGN",
        (
            "5:5: channels.0.secret_env: only a webhook is signed: remove this; "
            "tokens of apprise are part of its address"
        ),
    ),
    "address not set": (
        HOOK + "    url_env: NOT_SET",
        "4:14: channels.0.url_env: the environment variable NOT_SET is not set: set it to the address",
    ),
    "secret not there": (
        HOOK + "    url_env: HOOK\n    secret_file: gone",
        (
            '5:18: channels.0.secret_file: "gone" cannot be read (No such file or directory): '
            "name a file that holds the secret"
        ),
    ),
    "two secrets": (
        HOOK + "    url_env: HOOK\n    secret_env: SIGN\n    secret_file: gone",
        "6:5: channels.0.secret_file: the secret is already named by secret_env: keep one of the two",
    ),
    "secret in the file": (
        HOOK + "    url_env: HOOK\n    secret: canary",
        "5:5: channels.0.secret: unknown key: no secret belongs in this file; use secret_env or secret_file",
    ),
    "link secret in the file": (
        "link_secret: canary",
        "1:1: link_secret: unknown key: no secret belongs in this file; use link_secret_env or link_secret_file",
    ),
    "password of a source": (
        "sources: [{id: a, feeds: [https://a.example/], password: canary}]",
        "1:48: sources.0.password: unknown key: no secret belongs in this file: remove it",
    ),
    "public address without secret": (
        "public_url: https://w.example.org",
        (
            "1:13: public_url: links in mail are signed: "
            "name a variable with link_secret_env, or a file with link_secret_file"
        ),
    ),
    "public address in clear": (
        "public_url: http://w.example.org\nlink_secret_env: LINK",
        '1:13: public_url: "http://w.example.org" is not https: links in mail must be; write it with https://',
    ),
    "public address with a query": (
        "public_url: https://w.example.org/?a=1\nlink_secret_env: LINK",
        '1:13: public_url: "https://w.example.org/?a=1" has a ? or #: write the address that all links begin with',
    ),
    "secret without public address": (
        "link_secret_env: LINK",
        "1:1: link_secret_env: signs nothing without public_url: add that, or remove this",
    ),
    "secret that can be guessed": (
        "public_url: https://w.example.org\nlink_secret_env: SHORT",
        "2:18: link_secret_env: this secret could be guessed: take at least 16 random characters",
    ),
    "publish": (
        "publish: {entries: 0, base_url: 'ftp://x'}",
        "1:20: publish.entries: 0 is too small: write at least 1",
        '1:33: publish.base_url: "ftp://x" is not a web address: write it whole, beginning with https:// or http://',
    ),
    "operator without readers": (
        "operator: {at: '05:00'}",
        "1:11: operator.to: is missing: add `to: ...` here",
    ),
    "operator that is a list": (
        "operator: [ops@example.org]",
        "1:11: operator: must be a mapping, not a list: write `key: value` lines, indented below it",
    ),
    "mails in a minute": (
        "mail: {per_minute: 601}",
        "1:20: mail.per_minute: 601 is too large: write at most 600",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_way_out_is_told_in_one_line_with_its_place(name, written):
    text, *messages = WRONG[name]
    with pytest.raises(ConfigError) as raised:
        load_config(written(text), {**CANARIES, "SHORT": "canary-short"})
    lines = [str(problem) for problem in raised.value.problems]
    assert sorted(lines) == sorted(f"config.yaml:{message}" for message in messages)
    assert not any("canary" in line for line in lines)


#: secrets that cannot be one: not printable, nothing, bytes that are no text, far too long
SPOILT = {
    "control": b"canary\x00canary",
    "lines": b"canary\ncanary\n",
    "empty": b"",
    "bytes": b"canary\xff",
    "long": b"canary" * 999,
}


@pytest.mark.parametrize("kind", SPOILT)
def test_m14_a_secret_that_cannot_be_one_is_never_quoted(kind, written, tmp_path):
    (tmp_path / "spoilt").write_bytes(SPOILT[kind])
    text = (
        "mail: {transport: smtp, host: h.example, username: u, password_file: spoilt}\n"
        "channels: [{id: a, kind: webhook, url_file: spoilt, secret_file: spoilt}]\n"
        "public_url: https://w.example.org\nlink_secret_file: spoilt"
    )
    with pytest.raises(ConfigError) as raised:
        load_config(written(text), {})
    assert {problem.path[-1] for problem in raised.value.problems} == {
        "password_file",
        "url_file",
        "secret_file",
        "link_secret_file",
    }
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("arguments", [["check-config"], ["check-config", "--json"], ["-v", "check-config"]])
def test_m14_no_secret_is_in_what_check_config_prints(arguments, written, capsys, caplog):
    written(WHOLE)
    assert run(arguments) == 0
    told = capsys.readouterr()
    assert "desk@example.org" in told.out
    assert "canary" not in told.out + told.err + caplog.text


def test_m14_no_secret_is_in_the_repr_of_any_value(given):
    config = given(WHOLE)
    whole = repr(config) + str(config) + repr(config.channels) + repr(config.link_secret) + repr(config.mail)
    assert "canary" not in whole


def test_the_summary_says_who_is_told_in_which_language_and_by_what(written, capsys):
    written(WHOLE)
    assert run(["check-config"]) == 0
    told = capsys.readouterr().out
    assert (
        "trafficking-news to desk@example.org (az), anna@example.org (ru), chat, archive, 07:30 daily Asia/Baku, "
        "at once from 0.9, but not 22:00-07:00, only 1 outlet\n"
    ) in told
    assert "chat: apprise, <redacted>" in told
    assert "20 stories a feed in" in told
    assert "ops@example.org (ru), 05:45 daily Europe/Minsk" in told
    assert "https://watch.example.org, links signed with <redacted>" in told


def remarked(config: Config, *, apprise: bool = True) -> list[str]:
    return [str(remark) for remark in remarks(config, lambda _module: apprise)]


def test_a_configuration_that_is_meant_so_has_no_remark(given):
    text = WHOLE.replace("      - to: DESK@example.org\n", "")
    assert remarked(given(text)) == []
    assert remarked(load_config(shipped_config(), {})) == []


REMARKS = {
    "quiet hours over the digest": (
        DESK + "    instant: {}\n    quiet_hours: 22:00-07:31",
        (
            "6:18: subscriptions.0.quiet_hours: warning: the digest of 07:30 goes out in these hours all the same, "
            "with what they held back"
        ),
    ),
    "digest at the end of quiet hours": (DESK + "    instant: {}\n    quiet_hours: 22:00-07:30",),
    "quiet hours by day": (
        DESK + "    instant: {}\n    digest: {at: ['12:59', '13:00']}\n    quiet_hours: 12:00-13:00",
        (
            "7:18: subscriptions.0.quiet_hours: warning: the digest of 12:59 goes out in these hours all the same, "
            "with what they held back"
        ),
    ),
    "quiet hours without instant": (
        DESK + "    quiet_hours: 22:00-07:00",
        (
            "5:18: subscriptions.0.quiet_hours: note: has no effect without instant: "
            "digests go out at any hour"
        ),
    ),
    "unused channel": (
        HOOK + "    url: https://h.example/\n    secret_env: SIGN",
        "2:9: channels.0.id: note: no subscription goes out by this channel",
    ),
    "readers without mail": (
        DESK + "    channels: [hook]\n" + HOOK + "    url: https://h.example/\n    secret_env: SIGN",
        "3:9: subscriptions.0.to: warning: nobody of these is written to: add mail to channels, or remove this",
    ),
    "a mailbox twice": (
        DESK.replace("desk@example.org", "desk@example.org, D <Desk@example.org>"),
        "3:9: subscriptions.0.to: note: names a mailbox twice: it is written to once",
    ),
    "not signed": (
        DESK + "    channels: [mail, hook]\n" + HOOK + "    url: https://h.example/",
        (
            "7:5: channels.0: warning: is not signed, so its receiver cannot tell who sent it: "
            "name a secret with secret_env"
        ),
    ),
    "token in the file": (
        DESK
        + "    channels: [chat]\n".replace("[chat]", "[mail, chat]")
        + "channels: [{id: chat, kind: apprise, url: 'tgram://canary/1'}]",
        (
            "6:43: channels.0.url: warning: if there is a token in this address, "
            "name a variable with url_env instead"
        ),
    ),
}


@pytest.mark.parametrize("name", REMARKS)
def test_what_is_probably_not_meant_is_remarked_with_its_place(name, given):
    text, *messages = REMARKS[name]
    assert remarked(given(text)) == [f"config.yaml:{message}" for message in messages]


def test_apprise_that_is_not_installed_is_remarked_with_the_command(given):
    text = WHOLE.replace("      - to: DESK@example.org\n", "")
    [line] = remarked(given(text), apprise=False)
    assert line == (
        "config.yaml:22:22: channels.0.kind: warning: apprise is not installed, nothing can be sent: "
        'pip install "tipwatch[apprise]"'
    )


def test_m14_a_file_of_a_secret_that_others_may_read_is_remarked(given, tmp_path):
    for name, mode in (("open", 0o644), ("kept", 0o600)):
        (tmp_path / name).write_text("https://hooks.example/canary")
        (tmp_path / name).chmod(mode)
    text = "channels: [{id: a, kind: webhook, url_file: open, secret_file: kept}]"
    lines = remarked(given(text))
    assert [line for line in lines if "chmod" in line] == [
        (
            "config.yaml:1:45: channels.0.url_file: warning: other users of this machine can read the address: "
            "chmod 600 the file"
        )
    ]


def test_remarks_go_to_stderr_and_into_the_json_and_the_exit_code_stays_0(written, capsys):
    written(DESK.replace("[t]", "[trafficking-news]") + "    quiet_hours: 22:00-07:00")
    assert run(["check-config"]) == 0
    assert "note: has no effect without instant" in capsys.readouterr().err
    assert run(["check-config", "--json"]) == 0
    [remark] = json.loads(capsys.readouterr().out)["remarks"]
    assert (remark["level"], remark["line"], remark["path"]) == ("note", 5, "subscriptions.0.quiet_hours")


@pytest.mark.parametrize("text", ["publish: {folder: taken/feeds}", "mail: {folder: taken}"])
def test_a_folder_that_cannot_be_made_is_a_problem(text, written, tmp_path, capsys):
    (tmp_path / "taken").write_text("")
    written(text)
    assert run(["check-config"]) == 2
    assert "is no folder: remove it, or name another" in capsys.readouterr().err


def test_a_folder_that_we_may_not_write_in_is_a_problem(written, tmp_path, capsys, monkeypatch):
    (tmp_path / "tipwatch.db").touch()
    written("publish: {}")
    monkeypatch.setattr("tipwatch.cli.check_config.os.access", lambda path, _mode: Path(path) != tmp_path)
    assert run(["check-config"]) == 2
    assert "publish.folder: we may not write in" in capsys.readouterr().err
