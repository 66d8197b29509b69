"""One line per wrong configuration: exactly what a person is told, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tipwatch.config import ConfigError, load_config

SOURCE = "sources:\n  - id: a\n    name: A\n    feeds: [https://a.example/rss]\n"
SUBSCRIPTION = "subscriptions:\n  - id: desk\n    to: [desk@example.org]\n    topics: [t]\n"
SMTP = "mail:\n  transport: smtp\n  host: mail.example.org\n"

#: name: (text, exact message after "config.yaml:")
WRONG = {
    "unknown key": (
        SOURCE + "    intervall: 5\ncrawl: {page_tiemout: 3s}",
        '6:9: crawl.page_tiemout: unknown key (did you mean "page_timeout"?)',
        (
            "5:5: sources.0.intervall: unknown key: remove it; "
            "known here: country, feeds, id, languages, listings, manners, name, poll, render, sitemaps, tier, timezone"
        ),
    ),
    "unknown section": ("databse: sqlite:///x.db", '1:1: databse: unknown key (did you mean "database"?)'),
    "key of another program": (
        SUBSCRIPTION + "    cron: 0 7 * * 1",
        '5:5: subscriptions.0.cron: unknown key (did you mean "digest: {at, days}"?)',
    ),
    "secret in the file": (
        SMTP + "  username: u\n  password: hunter2",
        "5:3: mail.password: unknown key: no secret belongs in this file; use password_env or password_file",
        (
            "4:13: mail.username: a user name needs a password: "
            "name a variable with password_env, or a file with password_file"
        ),
    ),
    "key that is missing": (
        "sources:\n  - id: a\n    name: A",
        "2:5: sources.0: has nothing to read: add `feeds: ...` here (or sitemaps, or listings)",
    ),
    "number for text": (
        SOURCE.replace("name: A", "name: 24"),
        '3:11: sources.0.name: must be text, not the number 24: put it in quotes, e.g. "24"',
    ),
    "text for a number": (
        "crawl: {concurrency: many}",
        '1:22: crawl.concurrency: must be a whole number, not the text "many": write it without quotes or unit',
    ),
    "number in quotes": (
        'crawl: {concurrency: "8"}',
        '1:22: crawl.concurrency: must be a whole number, not the text "8": write it without quotes or unit',
    ),
    "word for yes": (
        SOURCE + "    manners: {obey_robots: no}",
        '5:28: sources.0.manners.obey_robots: must be true or false, not the text "no"',
    ),
    "value for a list": (
        SOURCE.replace("[https://a.example/rss]", "https://a.example/rss"),
        (
            '4:12: sources.0.feeds: must be a list, not the text "https://a.example/rss": '
            "write [a, b], or one line with `- ` for each"
        ),
    ),
    "list for a mapping": (
        "crawl: [1]",
        "1:8: crawl: must be a mapping, not a list: write `key: value` lines, indented below it",
    ),
    "too large": (
        "crawl: {concurrency: 5000}",
        "1:22: crawl.concurrency: 5000 is too large: write at most 256",
    ),
    "too small": (
        SUBSCRIPTION + "    min_score: -1",
        "5:16: subscriptions.0.min_score: -1 is too small: write at least 0",
    ),
    "duration without unit": (
        "crawl: {per_host_delay: 2}",
        (
            '1:25: crawl.per_host_delay: 2 is not a duration: write a number with ms, s, m, h or d, e.g. "30s"; '
            'with its unit it reads "2s"'
        ),
    ),
    "duration out of range": (
        "crawl: {poll_every: 1s}",
        '1:21: crawl.poll_every: "1s" is out of range: write 1m to 7d',
    ),
    "size without unit": (
        "crawl: {max_body: 10}",
        '1:19: crawl.max_body: 10 is not a size: write a number with B, KiB, MiB or GiB, e.g. "10MiB"',
    ),
    "zone": (
        SUBSCRIPTION + "    timezone: Europe/Minks",
        (
            '5:15: subscriptions.0.timezone: "Europe/Minks" is not an IANA time zone (did you mean "Europe/Minsk"?): '
            'write one such as "Europe/Minsk" or "UTC"'
        ),
    ),
    "zone that is a folder": (
        SUBSCRIPTION + "    timezone: Europe",
        (
            '5:15: subscriptions.0.timezone: "Europe" is not an IANA time zone (did you mean "Europe/Rome"?): '
            'write one such as "Europe/Minsk" or "UTC"'
        ),
    ),
    "time": (
        SUBSCRIPTION + '    digest: {at: "24:00"}',
        '5:18: subscriptions.0.digest.at: "24:00" is not a time of day: write "HH:MM" from "00:00" to "23:59"',
    ),
    "cron line": (
        SUBSCRIPTION + '    digest: {at: "0 7 * * 1"}',
        (
            '5:18: subscriptions.0.digest.at: "0 7 * * 1" is not a time of day: write "HH:MM" from "00:00" to "23:59"; '
            'cron lines are not read here, the days go under "days"'
        ),
    ),
    "day by number": (
        SUBSCRIPTION + "    digest: {days: [1]}",
        (
            "5:20: subscriptions.0.digest.days: 1 is a day by number, which programs count differently: "
            "write daily, weekdays, or names such as [mon, thu]"
        ),
    ),
    "days as a cron range": (
        SUBSCRIPTION + "    digest: {days: 1-5}",
        (
            '5:20: subscriptions.0.digest.days: "1-5" is a day by number, which programs count differently: '
            "write daily, weekdays, or names such as [mon, thu]"
        ),
    ),
    "day": (
        SUBSCRIPTION + "    digest: {days: [mondy]}",
        (
            '5:20: subscriptions.0.digest.days: "mondy" is not a day: '
            "write daily, weekdays, weekends, or names such as [mon, thu]"
        ),
    ),
    "id given twice": (
        SOURCE + "  - id: a\n    name: B\n    feeds: [https://b.example/rss]",
        '5:9: sources.1.id: "a" is already the id on line 2: give each its own',
    ),
    "subscription given twice": (
        SUBSCRIPTION + "  - id: desk\n    to: [b@example.org]\n    topics: [t]",
        '5:9: subscriptions.1.id: "desk" is already the id on line 2: give each its own',
    ),
    "feed given twice": (
        SOURCE + "  - id: b\n    name: B\n    feeds: [https://a.example/rss]",
        "7:13: sources.1.feeds.0: this feed is already listed on line 4: remove one of the two",
    ),
    "listing given twice": (
        SOURCE + "    listings: [https://a.example/x, {url: https://a.example/x}]",
        "5:37: sources.0.listings.1: this listing is already listed on line 5: remove one of the two",
    ),
    "pattern that is a regular expression": (
        SOURCE + '    listings: [{url: https://a.example/x, links: "^/x/.+$"}]',
        (
            '5:50: sources.0.listings.0.links: "^/x/.+$" looks like a regular expression: '
            'write * for any characters, ** across slashes, e.g. "/news/**"'
        ),
    ),
    "pattern that matches no path": (
        SOURCE + "    listings: [{url: https://a.example/x, links: news/*}]",
        (
            '5:50: sources.0.listings.0.links: "news/*" can match no link: '
            'begin with a slash, e.g. "/news/*", or with https://'
        ),
    ),
    "selector that is none": (
        SOURCE + '    listings: [{url: https://a.example/x, css: "a[["}]',
        '5:48: sources.0.listings.0.css: "a[[" is not a CSS selector: write one, e.g. "main h2 a"',
    ),
    "visits bounded the wrong way": (
        SOURCE + "    poll: {min: 2h, max: 1h}",
        "5:26: sources.0.poll.max: is shorter than min: write a longer time",
    ),
    "visits bounded twice": (
        SOURCE + "    poll: {every: 2h, max: 1h}",
        "5:12: sources.0.poll.every: leaves nothing to min and max: write either every, or those",
    ),
    "key written twice": (
        SOURCE + "    name: B",
        "5:5: sources.0.name: written twice (first on line 3): keep one of them",
    ),
    "id": (
        SOURCE.replace("id: a", "id: A b"),
        '2:9: sources.0.id: "A b" cannot be an id: write small letters, digits and . _ - (at most 64)',
    ),
    "country": (
        SOURCE + "    country: UK",
        (
            '5:14: sources.0.country: "UK" is not a country (did you mean "GB"?): '
            'write two capitals of ISO 3166, e.g. "AZ", or "INT"'
        ),
    ),
    "language": (
        SOURCE + "    languages: [en, by]",
        (
            '5:21: sources.0.languages.1: "by" is not a language (did you mean "be"?): '
            'write a code of ISO 639, e.g. "en" or "az"'
        ),
    ),
    "feed that is no web address": (
        SOURCE.replace("https://a.example/rss", "file:///etc/passwd"),
        (
            '4:13: sources.0.feeds.0: "file:///etc/passwd" is not a web address: '
            "write it whole, beginning with https:// or http://"
        ),
    ),
    "feed with a login": (
        SOURCE.replace("https://a", "https://me:hunter2@a"),
        "4:13: sources.0.feeds.0: a user name or password in a web address would end up in logs: remove it",
    ),
    "no feed": (
        SOURCE.replace("https://a.example/rss", ""),
        "4:12: sources.0.feeds: must not be empty: write at least one, or give sitemaps or listings",
    ),
    "mail address": (
        SUBSCRIPTION.replace("desk@example.org", "Desk <desk>"),
        (
            '3:10: subscriptions.0.to.0: "Desk <desk>" is not a mailbox: '
            'write "Name <name@example.org>" or "name@example.org"'
        ),
    ),
    "two mail addresses in one": (
        SUBSCRIPTION.replace("desk@example.org", '"a@b.example, c@d.example"'),
        (
            '3:10: subscriptions.0.to.0: "a@b.example, c@d.example" is not a mailbox: '
            'write "Name <name@example.org>" or "name@example.org"'
        ),
    ),
    "network": (
        "crawl: {allow_networks: [10.1.2.3/16]}",
        (
            '1:26: crawl.allow_networks.0: "10.1.2.3/16" is not a network (did you mean "10.1.0.0/16"?): '
            'write CIDR, e.g. "10.1.0.0/16"'
        ),
    ),
    "network of everything": (
        "crawl: {allow_networks: [0.0.0.0/0]}",
        (
            '1:26: crawl.allow_networks.0: "0.0.0.0/0" is every address, and switches the address guard off: '
            "name the network you mean"
        ),
    ),
    "proxy": (
        "crawl: {proxy: u:hunter2@host}",
        (
            '1:16: crawl.proxy: this is not a proxy: write "http://host:port" '
            '(with "user:password@" before the host if it asks for them), or off'
        ),
    ),
    "smtp in clear to another host": (
        SMTP + "  tls: none",
        "4:8: mail.tls: without TLS only this machine (localhost) is spoken to: write starttls or tls",
    ),
    "smtp without host": (
        "mail: {transport: smtp}",
        (
            "1:7: mail.host: transport smtp needs a host: "
            'write the name of your mail server, e.g. "mail.example.org"'
        ),
    ),
    "transport": (
        "mail: {transport: pigeon}",
        '1:19: mail.transport: "pigeon" is not known here: write folder or smtp',
    ),
    "secret variable not set": (
        SMTP + "  username: u\n  password_env: NOT_SET",
        "5:17: mail.password_env: the environment variable NOT_SET is not set: set it to the password",
    ),
    "secret file not there": (
        SMTP + "  username: u\n  password_file: nowhere",
        (
            '5:18: mail.password_file: "nowhere" cannot be read (No such file or directory): '
            "name a file that holds the password"
        ),
    ),
    "two secrets": (
        SMTP + "  username: u\n  password_env: A\n  password_file: b",
        "6:3: mail.password_file: the password is already named by password_env: keep one of the two",
    ),
    "password without user": (
        SMTP + "  password_env: A",
        "4:3: mail.password_env: a password needs a user name: add username",
    ),
    "database of another kind": (
        "database: mysql://me:hunter2@host/db",
        (
            "1:11: database: this is not a database we know: "
            'write "sqlite:///tipwatch.db" or "postgresql://user:password@host/name"'
        ),
    ),
    "database without a name": (
        "database: postgresql://me:hunter2@host",
        (
            "1:11: database: this PostgreSQL URL does not read as postgresql://user:password@host:port/name: "
            "check it, and write @ : / in the password as %40 %3A %2F"
        ),
    ),
    "database in memory": (
        'database: "sqlite://"',
        (
            "1:11: database: an SQLite URL names a file: "
            'write three slashes and its path, e.g. "sqlite:///tipwatch.db"'
        ),
    ),
    "contact that no header can carry": (
        "contact: https://bücher.example/",
        (
            '1:10: contact: "https://bücher.example/" is no contact: '
            'write a web address ("https://...") or a mail address of yours'
        ),
    ),
    "pack": (
        "packs: [builtin, own.yaml]",
        '1:18: packs.1: "own.yaml" is not a file: write builtin, or a path relative to this file',
    ),
    "no mapping": (
        "just words",
        "1:1: must be a mapping: write `key: value` lines, as in the shipped config.yaml",
    ),
}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def tell(content: str | bytes) -> list[str]:
        Path("config.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(ConfigError) as raised:
            load_config(Path("config.yaml"), {})
        return [str(problem) for problem in raised.value.problems]

    return tell


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_configuration_is_told_in_one_line_with_its_place(name, told):
    text, *messages = WRONG[name]
    lines = told(text)
    assert sorted(lines) == sorted(f"config.yaml:{message}" for message in messages)
    assert not any("hunter2" in line or "\n" in line for line in lines)


def test_all_problems_are_reported_in_the_order_of_the_file(told):
    lines = told("crawl: {page_timeout: 0s}\nmail: {tls: soft}\nsources: 5\nsubscriptions:\n  - id: x")
    assert [line.split(": ")[1] for line in lines] == [
        "crawl.page_timeout",
        "mail.tls",
        "sources",
        "subscriptions.0.to",
        "subscriptions.0.topics",
    ]


def test_a_message_stays_on_one_line_whatever_the_key_is_called(told):
    [line] = told('"a\\nb\\u202e\\x07": 1')
    assert line.startswith("config.yaml:1:1: a\\u000ab\\u202e\\u0007: unknown key")


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(ConfigError, match=r"gone\.yaml: not found: check the path"):
        load_config(tmp_path / "gone.yaml", {})


def test_a_file_named_by_the_environment_is_never_passed_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("sources: []")
    with pytest.raises(ConfigError, match="not found"):
        load_config(None, {"TIPWATCH_CONFIG": "gone.yaml"})


def test_a_folder_is_not_read_as_a_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path, {})


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null"])
def test_an_empty_file_is_told_what_to_write(text, told):
    assert told(text) == [
        "config.yaml: is empty: write at least `sources:`, or remove the file to use the shipped configuration"
    ]


def test_bytes_that_are_not_utf_8_are_pointed_at(told):
    assert told(b"contact: x\nname: \xff") == ["config.yaml:2:7: not UTF-8 text here: save the file as UTF-8"]


def test_a_file_of_endless_size_is_not_read_to_its_end(told):
    assert told("#" * (5 << 20)) == ["config.yaml: is larger than 4 MiB: is this the right file?"]


def test_a_wrong_database_in_the_environment_is_named_without_its_password(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text("sources: []")
    with pytest.raises(ConfigError) as raised:
        load_config(None, {"TIPWATCH_DATABASE_URL": "postgresql://me:hunter2@:bad:/db"})
    [problem] = raised.value.problems
    assert str(problem).startswith("TIPWATCH_DATABASE_URL: this PostgreSQL URL does not read as")
    assert "hunter2" not in str(problem)
