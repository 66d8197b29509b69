"""Found late: which rules read an article last, when the rules changed, and matches withdrawn instead of deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: SQLite numbers rows only of a column that is exactly INTEGER
_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what found late needs. Stored articles count as read by rules unknown: the next round reads them again."""
    op.add_column("matches", sa.Column("rules_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("matches", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("matches", sa.Column("withdrawn_by", sa.Text(), nullable=True))
    op.create_table(
        "rule_changes",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_changes")),
    )
    op.create_table(
        "scorings",
        sa.Column("article_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_scorings_article_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_scorings")),
    )
    op.create_index(op.f("ix_scorings_pack_version_article_id"), "scorings", ["pack_version", "article_id"])
    op.execute("INSERT INTO scorings (article_id, pack_version) SELECT id, '' FROM articles")


def downgrade() -> None:
    """Not offered: restore a backup."""
    raise NotImplementedError
