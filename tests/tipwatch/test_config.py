"""A right configuration becomes exactly the values that the rooms take."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

import pytest

from alerts.subscription import EVERY_DAY, Recipient, Schedule
from crawler.source import Listing, Manners, Source
from tipwatch.config import Config, ConfigError, load_config, without_password
from tipwatch.config.load import shipped_config

WHOLE = """\
database: sqlite:///kept/news.db
contact: newsroom@example.org
crawl:
  poll_every: 1h
  per_host_delay: 500ms
  page_timeout: 1.5m
  max_body: 512KiB
  concurrency: 8
  proxy: http://user:hunter2@proxy.example:3128
  allow_networks: [10.1.0.0/16, "fd00::/8"]
  workers: 3
  page_limit: 20s
packs: [builtin, own.yaml]
sources:
  - id: nrk
    name: NRK
    country: NO
    languages: [no, en]
    timezone: Europe/Oslo
    tier: 1
    feeds: [https://nrk.example/rss, http://xn--bcher-kva.example:8080/f?x=1&y=2]
  - id: 24kg
    name: "24.kg"
    feeds: [https://24.example/rss]
    manners: {delay: 4s, per_host: 2, obey_robots: false}
subscriptions:
  - id: night-desk
    to: ["Night, Desk <desk@example.org>", plain@bücher.example, '"Q" <q@localhost>']
    topics: [trafficking-news, trafficking-resolutions]
    timezone: Asia/Baku
    digest: {at: [16:00, 07:30, "16:00"], days: [Sat, monday]}
    languages: [az]
    countries: [AZ, INT]
    min_score: 1
    max_entries: 5
mail:
  transport: smtp
  sender: Watch <watch@news.example.org>
  host: localhost
  tls: none
  username: watch
  password_env: MAIL_SECRET
"""


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Reads a text as a configuration that lies beside own.yaml; the working directory is elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    (tmp_path / "own.yaml").write_text("topics: {}")

    def load(text: str, env: dict[str, str] | None = None) -> Config:
        (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
        return load_config(tmp_path / "config.yaml", env or {})

    return load


@pytest.fixture
def whole(loaded) -> Config:
    return loaded(WHOLE, {"MAIL_SECRET": "hunter2"})


def test_sources_keep_every_word_that_yaml_1_1_would_have_eaten(whole):
    assert whole.sources == (
        Source(
            id="nrk",
            name="NRK",
            feeds=("https://nrk.example/rss", "http://xn--bcher-kva.example:8080/f?x=1&y=2"),
            country="NO",
            languages=("no", "en"),
            timezone="Europe/Oslo",
            tier=1,
            manners=Manners(delay_s=0.5),
        ),
        Source(
            id="24kg",
            name="24.kg",
            feeds=("https://24.example/rss",),
            manners=Manners(delay_s=4.0, per_host=2, obey_robots=False),
        ),
    )


def test_subscriptions_have_times_in_order_and_days_by_iso_number(whole):
    [subscription] = whole.subscriptions
    assert subscription.schedule == Schedule(at=(time(7, 30), time(16)), days=frozenset({1, 6}))
    assert subscription.recipients == (
        Recipient("desk@example.org", "Night, Desk"),
        Recipient("plain@bücher.example"),
        Recipient("q@localhost", "Q"),
    )
    assert (subscription.title, subscription.timezone, subscription.min_score) == (
        "Night desk",
        "Asia/Baku",
        1.0,
    )
    assert (subscription.countries, subscription.languages) == (("AZ", "INT"), ("az",))


def test_the_crawl_has_seconds_and_bytes(whole):
    crawl = whole.crawl
    assert (crawl.poll_every_s, crawl.per_host_delay_s, crawl.page_timeout_s, crawl.page_limit_s) == (
        3600,
        0.5,
        90,
        20,
    )
    assert (crawl.max_body_bytes, crawl.concurrency, crawl.workers) == (524288, 8, 3)
    assert crawl.allow_networks == ("10.1.0.0/16", "fd00::/8")


def test_the_crawlers_settings_are_those_of_the_file(whole):
    settings = whole.crawl_settings()
    assert settings.contact == "newsroom@example.org"
    assert settings.proxy == "http://user:hunter2@proxy.example:3128"
    assert (settings.page_timeout_s, settings.parse_timeout_s, settings.concurrency) == (90, 20, 8)
    assert (settings.max_body_bytes, settings.allow_networks) == (524288, ("10.1.0.0/16", "fd00::/8"))


def test_relative_paths_start_at_the_files_folder(whole, tmp_path):
    assert whole.database_url.get_secret_value() == f"sqlite:///{tmp_path}/kept/news.db"
    assert whole.packs == ("builtin", str(tmp_path / "own.yaml"))
    assert whole.mail.folder == tmp_path / "outbox"


def test_mail_has_its_secret_the_right_port_and_a_public_name(whole):
    mail = whole.mail
    assert mail.password is not None
    assert mail.password.get_secret_value() == "hunter2"
    assert (mail.host, mail.port, mail.tls, mail.username) == ("localhost", 25, "none", "watch")
    assert mail.public_name == "news.example.org"


def test_no_secret_is_in_the_configurations_repr(whole):
    assert "hunter2" not in repr(whole)


def test_a_secret_may_come_from_a_file_without_its_line_end(loaded, tmp_path):
    (tmp_path / "secret").write_text("pass word\n")
    config = loaded(WHOLE.replace("password_env: MAIL_SECRET", "password_file: secret"))
    assert config.mail.password is not None
    assert config.mail.password.get_secret_value() == "pass word"


def test_a_secret_is_not_asked_for_while_mail_goes_to_a_folder(loaded):
    config = loaded(WHOLE.replace("transport: smtp", "transport: folder"))
    assert (config.mail.transport, config.mail.password, config.mail.host) == ("folder", None, None)


def test_what_is_not_written_has_its_default(loaded):
    config = loaded("sources:\nmail:\n")
    assert (config.sources, config.subscriptions, config.packs) == ((), (), ("builtin",))
    assert config.mail.transport == "folder"
    assert config.crawl.proxy is None


def test_the_environments_database_wins_and_starts_at_the_working_directory(loaded):
    config = loaded("database: mysql://ignored", {"TIPWATCH_DATABASE_URL": "sqlite:///here.db"})
    assert config.database_url.get_secret_value() == f"sqlite:///{Path.cwd()}/here.db"
    config = loaded(
        "sources:", {"TIPWATCH_DATABASE_URL": "postgresql://u:p%40@db.example:5433/news?sslmode=require"}
    )
    assert (
        config.database_url.get_secret_value() == "postgresql://u:p%40@db.example:5433/news?sslmode=require"
    )


@pytest.mark.parametrize(
    ("written", "env", "used"),
    [
        ("null", {}, None),
        ("null", {"http_proxy": "http://a:1"}, "http://a:1"),
        ("null", {"HTTP_PROXY": "http://b:2"}, "http://b:2"),
        ("null", {"http_proxy": "http://a:1", "HTTP_PROXY": "http://b:2"}, "http://a:1"),
        ("off", {"http_proxy": "http://a:1"}, None),
        ("http://c:3", {"http_proxy": "http://a:1"}, "http://c:3"),
    ],
)
def test_the_environments_proxy_serves_when_the_file_names_none(written, env, used, loaded):
    assert loaded(f"crawl: {{proxy: {written}}}", env).crawl.proxy == used


def test_a_value_is_located_by_its_path(whole, tmp_path):
    file = tmp_path / "config.yaml"
    assert whole.locate(("subscriptions", 0, "topics", 1)) == f"{file}:29:32"
    assert whole.locate(("subscriptions", 0, "title")) == f"{file}:27:5"  # not written: its subscription
    [problem] = ConfigError([whole.problem(("subscriptions", 0, "topics", 1), "no such topic")]).problems
    assert str(problem) == f"{file}:29:32: subscriptions.0.topics.1: no such topic"


def test_sources_and_subscriptions_are_found_by_id(whole):
    assert whole.source("24kg") is whole.sources[1]
    assert whole.source("gone") is None
    assert whole.subscription("night-desk") is whole.subscriptions[0]
    assert whole.subscription("gone") is None


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("postgresql://me:hunter2@db:5432/n", "postgresql://me:<redacted>@db:5432/n"),
        ("postgresql://me@db/n?password=hunter2", "postgresql://me@db/n?<redacted>"),
        ("postgresql://me:hun@ter2@db/n", "postgresql://me:<redacted>@db/n"),
        ("sqlite:////var/lib/news.db", "sqlite:////var/lib/news.db"),
        ("http://proxy.example:3128", "http://proxy.example:3128"),
    ],
)
def test_a_url_is_shown_without_its_password(url, safe):
    assert without_password(url) == safe


def test_the_shipped_configuration_is_right_and_used_where_there_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = load_config(None, {})
    assert config.path == shipped_config()
    assert config.database_url.get_secret_value() == f"sqlite:///{tmp_path}/tipwatch.db"
    assert config.mail.folder == tmp_path / "outbox"
    assert len(config.sources) >= 40
    assert all(
        source.country and source.languages and source.timezone and source.tier for source in config.sources
    )
    [desk] = config.subscriptions
    assert (desk.id, desk.topics, desk.timezone) == ("desk", ("trafficking-resolutions",), "UTC")
    assert desk.schedule == Schedule(at=(time(7, 30),), days=frozenset({1, 2, 3, 4, 5}))
    assert desk.recipients == (Recipient("desk@example.org", "Desk"),)


def test_every_value_of_the_shipped_configuration_is_the_default(tmp_path, monkeypatch):
    """So that a file with one line behaves as the shipped one does."""
    monkeypatch.chdir(tmp_path)
    shipped = load_config(None, {})
    (tmp_path / "config.yaml").write_text("sources: []")
    bare = load_config(None, {})
    for value in (
        "crawl",
        "mail",
        "contact",
        "packs",
        "channels",
        "publish",
        "operator",
        "public_url",
        "link_secret",
    ):
        assert getattr(shipped, value) == getattr(bare, value), value
    assert shipped.database_url == bare.database_url


def test_the_shipped_configuration_names_every_key():
    from tipwatch.config import schema

    text = shipped_config().read_text(encoding="utf-8")
    sections = (
        schema.ConfigKeys,
        schema.CrawlKeys,
        schema.SourceKeys,
        schema.MannersKeys,
        schema.PollKeys,
        schema.ListingKeys,
        schema.SubscriptionKeys,
        schema.DigestKeys,
        schema.InstantKeys,
        schema.ReaderKeys,
        schema.MailKeys,
        schema.ChannelKeys,
        schema.PublishKeys,
        schema.OperatorKeys,
    )
    missing = [
        key
        for section in sections
        for key in section.model_fields
        if not re.search(rf"\b{key}\b[:,]?  ?|\b{key}:", text)
    ]
    assert missing == []


def test_days_may_be_left_out():
    assert Schedule().days == EVERY_DAY


def test_a_source_without_a_name_goes_by_its_id(loaded) -> None:
    (source,) = loaded("sources: [{id: azernews, feeds: [https://a.example/rss]}]").sources
    assert source.name == "azernews"


def test_a_language_tag_gives_its_language(loaded) -> None:
    text = "sources: [{id: a, languages: [zh-Hans, en-GB, sr-Latn-RS], feeds: [https://a.example/rss]}]"
    assert loaded(text).sources[0].languages == ("zh", "en", "sr")


def test_what_is_told_at_once_has_its_own_threshold_and_bound(loaded) -> None:
    text = "subscriptions: [{id: d, to: [d@example.org], topics: [t], instant: {min_score: 0.8}}]"
    instant = loaded(text).subscriptions[0].instant
    assert (instant.min_score, instant.max_per_hour) == (0.8, 10)
    assert loaded(text.replace(", instant: {min_score: 0.8}", "")).subscriptions[0].instant is None


def test_a_source_may_be_read_by_sitemaps_and_listings_alone(loaded):
    text = """
sources:
  - id: gazette
    sitemaps: [https://gazette.example/news.xml]
    listings:
      - https://gazette.example/world
      - {url: "https://gazette.example/home", links: "/home/*", css: main, more: "/home?page={page}", pages: 3}
    poll: {min: 10m, max: 2h}
    manners: {verify_tls: false}
    render: true
  - {id: slow, feeds: [https://slow.example/rss], poll: {every: 1d}}
"""
    gazette, slow = loaded(text).sources
    assert gazette.feeds == ()
    assert gazette.sitemaps == ("https://gazette.example/news.xml",)
    assert gazette.listings == (
        Listing("https://gazette.example/world"),
        Listing("https://gazette.example/home", "/home/*", "main", "/home?page={page}", 3),
    )
    assert (gazette.poll_min_s, gazette.poll_max_s) == (600, 7200)
    assert (gazette.manners.verify_tls, gazette.render) == (False, True)
    assert (slow.poll_min_s, slow.poll_max_s) == (86400, 86400)
