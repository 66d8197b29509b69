"""A newsroom for digests: articles that are alike or not, a clock that is set by hand, and the mails as they lie there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.article import Article, Precision, Published
from pipeline.rules import RulePack, load_packs
from pipeline.store import Store, open_store
from pipeline.understand import understand_article
from tipwatch.config import Config, load_config
from tipwatch.rounds.digesting import DigestOrder, DigestResult, digest_round

#: a Thursday, 11:00 in Minsk
START = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
RULES = """
topics:
  fruit: {title: Fruit, query: 'apple OR pear'}
  cheese: {title: Cheese, query: 'gouda'}
"""
CONFIG = """
database: sqlite:///never-opened.db
mail: {{transport: folder, folder: mail/, public_name: watch.example.org}}
packs: [rules.yaml]
{top}
sources:
  - {{id: paper, feeds: ["https://paper.example/feed"]}}
  - {{id: wire, feeds: ["https://wire.example/feed"]}}
subscriptions:
  - id: desk
    to: {to}
    topics: [fruit]
    timezone: Europe/Minsk
{more}
"""


class FruitDesk:
    """A subscription to fruit, and the articles that it is told."""

    def __init__(self, store: Store, pack: RulePack, folder: Path) -> None:
        self.store, self.pack, self.folder = store, pack, folder
        self.now, self.count = START, 0
        self.ask()

    def ask(self, more: str = "", *, to: str = "[desk@example.org]", top: str = "") -> None:
        """Configure the subscription; `more` are further lines of it, `top` of the file."""
        path = self.folder / "config.yaml"
        for line in ("heartbeat: false", 'digest: {at: "07:30", days: daily}'):
            more += "" if line.split(":")[0] in more else f"\n{line}"
        lines = "\n".join(f"    {line}" for line in more.splitlines())
        path.write_text(CONFIG.format(more=lines, to=to, top=top))
        self.config: Config = load_config(path, {})
        self.store.digests.register([one.id for one in self.config.subscriptions], self.now)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by) if by else timedelta(minutes=1)

    def publishes(
        self,
        story: str,
        outlet: str = "Paper",
        *,
        fruit: str = "apple",
        ending: str = "",
        language: str = "en",
    ) -> int:
        """An article seen now; articles of one `story` are alike, with another `ending` a little less."""
        self.count += 1
        words = " ".join(f"{story}w{number}" for number in range(60))
        url = f"https://{outlet.lower()}.example/{self.count}"
        article = Article(
            url=url,
            canonical_url=url,
            source_id=outlet.lower(),
            outlet=outlet,
            country="BY" if outlet == "Paper" else "AZ",
            title=f"The {fruit} of {story}",
            text=f"This is about the {fruit}. {words} {ending}",
            published=Published(self.now, Precision.MINUTE, 0, "json-ld", "page", "printed"),
            language=language,
        )
        found = self.store.articles.add(understand_article(article, self.pack), self.now).article_id
        assert found is not None
        return found

    def round(self, **order: object) -> DigestResult:
        return digest_round(self.config, self.store, self.pack, DigestOrder(**order), lambda: self.now)  # type: ignore[arg-type]  # fields

    def begins(self) -> None:
        """Send the subscription's first digest, so that windows end as scheduled from now on."""
        self.later()
        self.publishes("beginning")
        self.later()
        assert self.round().built[0].digest is not None

    def mails(self) -> list[EmailMessage]:
        """The mails sent, oldest first."""
        found = [
            message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[arg-type]  # typeshed's policy
            for path in (self.folder / "mail").rglob("*.eml")
        ]
        return sorted(found, key=lambda mail: (mail["Date"].datetime, str(mail["To"])))  # type: ignore[return-value]  # of EmailMessage

    def texts(self) -> list[str]:
        bodies = [mail.get_body(("plain",)) for mail in self.mails()]
        return [body.get_content() for body in bodies if body is not None]


@pytest.fixture(scope="session")
def fruit_pack(tmp_path_factory: pytest.TempPathFactory) -> RulePack:
    path = tmp_path_factory.mktemp("fruit") / "rules.yaml"
    path.write_text(RULES)
    return load_packs([str(path)])


@pytest.fixture
def open_fruit_desk(fruit_pack: RulePack, tmp_path: Path) -> Callable[[Store], FruitDesk]:
    (tmp_path / "rules.yaml").write_text(RULES)
    return lambda store: FruitDesk(store, fruit_pack, tmp_path)


@pytest.fixture
def fruit_desk(
    open_fruit_desk: Callable[[Store], FruitDesk], tmp_path: Path, sqlite_template: Path
) -> Iterator[FruitDesk]:
    path = tmp_path / "desk.db"
    path.write_bytes(sqlite_template.read_bytes())
    with open_store(f"sqlite:///{path}", now=lambda: START) as store:
        yield open_fruit_desk(store)
