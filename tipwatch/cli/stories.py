"""`tipwatch stories` and `tipwatch story`: articles of one event together."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.context import Context, out, printable, say
from tipwatch.errors import UsageError

if TYPE_CHECKING:
    from pipeline.store import ArticleRecord, StoryRecord


def stories_command(
    ctx: typer.Context,
    since: Annotated[
        datetime | None, typer.Option(help="Only stories first seen after this time (UTC).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Stories with a matched article, newest first."""
    context: Context = ctx.obj
    start = since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since
    shown = 0
    with context.store(context.config()) as store:
        for story in store.stories.listed(since=start):
            shown += 1
            out(json.dumps(story_object(story), ensure_ascii=False) if as_json else story_lines(story))
    if not shown:
        say("no stories since then" if since else "no stories yet: `tipwatch crawl` finds them")


def story_command(
    ctx: typer.Context,
    story_id: Annotated[
        str, typer.Argument(metavar="ID", help="A story's id, as `tipwatch stories` names it.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """One story with all its members."""
    context: Context = ctx.obj
    with context.store(context.config()) as store:
        story = store.stories.find(story_id)
    if story is None:
        raise UsageError(f"no story has the id {story_id}: `tipwatch stories` names them")
    out(json.dumps(story_object(story), ensure_ascii=False) if as_json else story_lines(story))


def story_object(story: StoryRecord) -> dict[str, object]:
    """A story as JSON."""
    return {
        "story": story.id,
        "first_seen_at": story.first_seen_at.isoformat(),
        "members": [member_object(record) for record in (*story.members, *story.others)],
    }


def member_object(record: ArticleRecord) -> dict[str, object]:
    """A member of a story as JSON."""
    article = record.article
    return {
        "id": record.id,
        "role": str(record.role),
        "outlet": article.outlet,
        "country": article.country,
        "language": article.language,
        "title": article.title,
        "url": article.url,
        "published_at": article.published.at.isoformat() if article.published else None,
        "credits": [credit.name for credit in article.credits],
        "topics": [{"topic": match.topic, "score": match.score} for match in record.matches],
    }


def story_lines(story: StoryRecord) -> str:
    """A story for people: its members, first report first."""
    members = (*story.members, *story.others)
    lines = [f"{story.id}  {members[0].article.title}" if members else story.id]
    for record in members:
        article = record.article
        when = f"{article.published.at:%Y-%m-%d %H:%M} UTC" if article.published else "time unknown"
        lines.append(
            f"    {record.role:8} {article.outlet} ({article.language or '?'}), {when}, article {record.id}: {article.url}"
        )
    return "\n".join(printable(line) for line in lines)
