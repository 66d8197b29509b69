"""A day's digest of our own writing, in five languages, for every test that needs one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alerts.digest import Copy, Digest, DigestEntry, Reason, Segment


def segments(text: str) -> tuple[Segment, ...]:
    """`text` cut at its asterisks: what stands between two of them is marked."""
    return tuple(Segment(part, n % 2 == 1) for n, part in enumerate(text.split("*")) if part)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _copy(outlet: str, url: str, facts: tuple[str, str, str], when: str | None, title: str = "") -> Copy:
    language, country, relation = facts
    return Copy(outlet, url, title, language, country, relation, at(when) if when else None)


def _committee() -> DigestEntry:
    return DigestEntry(
        story_id="s1",
        headline=segments(
            "UN committee backs *Belarus* text on coordinating action against *trafficking in persons*"
        ),
        url="https://www.azernews.az/region/218001.html",
        outlet="Azernews",
        country="AZ",
        language="en",
        published_at=at("2026-11-22T16:45"),
        precision="minute",
        lead=segments(
            "The Third Committee of the *UN General Assembly* adopted by consensus a *resolution* that asks states to "
            "coordinate their work against *trafficking in persons*. The text was tabled by Belarus and gathered "
            "co-sponsors from four regions before it was put to the meeting in New York."
        ),
        why=(
            Reason(
                "Trafficking in persons",
                segments("… their work against *trafficking in persons*. The text …"),
            ),
            Reason(
                "Resolution adopted", segments("… *adopted by consensus a resolution* that asks states …")
            ),
            Reason("UN General Assembly", segments("The *Third Committee* of the *UN General Assembly* …")),
        ),
        score=0.94,
        topics=("Trafficking resolutions",),
        credits=("BelTA",),
        copies=(
            _copy(
                "MENAFN",
                "https://menafn.com/1107403000/un-committee",
                ("en", "JO", "reprint"),
                "2026-11-22T18:55",
            ),
            _copy(
                "SB. Belarus Today",
                "https://www.sb.by/articles/v-oon-prinyata.html",
                ("ru", "BY", "report"),
                "2026-11-22T22:49",
                "В Нью-Йорке поддержан проект белорусской резолюции против торговли людьми",
            ),
            _copy("Xalq", "https://xalq.example.az/bmt", ("az", "AZ", "reprint"), None),
        ),
        first_seen_at=at("2026-11-22T17:02"),
    )


def _russian() -> DigestEntry:
    return DigestEntry(
        story_id="s2",
        headline=segments(
            "В Минске обсудили выполнение *Глобального плана действий* против *торговли людьми*"
        ),
        url="https://belta.by/society/view/v-minske-obsudili-700001-2026/",
        outlet="БЕЛТА",
        country="BY",
        language="ru",
        published_at=at("2026-11-23T04:12"),
        precision="second",
        lead=segments(
            "Представители семи ведомств сверили, что сделано за год по *Глобальному плану действий* ООН. Речь шла о "
            "помощи пострадавшим и об обмене сведениями между странами, через которые проходят пути *торговли людьми*."
        ),
        why=(Reason("Trafficking in persons", segments("… проходят пути *торговли людьми*.")),),
        score=0.81,
        topics=("Trafficking resolutions", "Trafficking news"),
        credits=(),
        copies=(),
        first_seen_at=at("2026-11-23T04:20"),
    )


def _arabic() -> DigestEntry:
    return DigestEntry(
        story_id="s3",
        headline=segments("لجنة أممية تعتمد قرارا بشأن مكافحة *الاتجار بالأشخاص*"),
        url="https://www.alsabah.example.com.eg/news/5512",
        outlet="Al-Sabah",
        country="EG",
        language="ar",
        published_at=at("2026-11-21T22:00"),
        precision="day",
        lead=segments(
            "وافقت اللجنة الثالثة للجمعية العامة على نص يدعو الدول إلى تنسيق جهودها في مواجهة *الاتجار بالأشخاص* "
            "وتقديم العون للضحايا، وذلك من دون تصويت."
        ),
        why=(
            Reason(
                "Trafficking in persons", segments("… جهودها في مواجهة *الاتجار بالأشخاص* وتقديم العون …")
            ),
        ),
        score=0.77,
        topics=("Trafficking resolutions",),
        credits=("MENA",),
        copies=(
            _copy(
                "新闻晨报",
                "https://news.例子.cn/2026/resolution",
                ("zh", "CN", "report"),
                "2026-11-22T09:00",
                "联合国委员会通过打击人口贩运决议，呼吁各国加强协调",
            ),
        ),
        first_seen_at=at("2026-11-22T06:00"),
    )


def _azerbaijani() -> DigestEntry:
    return DigestEntry(
        story_id="s4",
        headline=segments("*İnsan alverinə* qarşı yeni qətnamə layihəsi müzakirəyə çıxarıldı"),
        url="https://xalq.example.az/siyaset/insan-alveri",
        outlet="Xalq",
        country="AZ",
        language="az",
        published_at=None,
        precision=None,
        lead=segments("Sənəddə zərərçəkmişlərə yardım və dövlətlərin əlaqəli işi nəzərdə tutulur."),
        why=(),
        score=0.62,
        topics=("Trafficking resolutions",),
        credits=(),
        copies=(),
        first_seen_at=at("2026-11-23T02:00"),
    )


def _chinese() -> DigestEntry:
    return DigestEntry(
        story_id="s5",
        headline=segments("多国代表在纽约呼吁落实打击*人口贩运*全球行动计划"),
        url="https://news.xn--fsqu00a.cn/2026/plan",
        outlet="新闻晨报",
        country="CN",
        language="zh",
        published_at=at("2026-11-23T01:30"),
        precision="minute",
        lead=segments(
            "与会代表表示，各国应当交换信息，保护受害者，并为执行全球行动计划提供资金。会议没有表决，文件将提交大会全体会议，"
            "届时还将听取秘书长关于打击*人口贩运*的报告。"
        ),
        why=(Reason("Trafficking in persons", segments("……关于打击*人口贩运*的报告。")),),
        score=0.58,
        topics=("Trafficking news",),
        credits=(),
        copies=(),
        first_seen_at=at("2026-11-23T01:40"),
    )


@pytest.fixture
def day_digest() -> Digest:
    return Digest(
        id="desk-20261123T0430Z",
        subscription_id="desk",
        title="Trafficking resolutions, daily",
        window_start=at("2026-11-22T04:30"),
        window_end=at("2026-11-23T04:30"),
        timezone="Europe/Minsk",
        entries=(_committee(), _russian(), _arabic(), _azerbaijani(), _chinese()),
        left_out=2,
        articles_read=412,
        sources_read=37,
        silent_sources=("Ruh News", "Harbour Post"),
    )
