"""Sources by day and by their own rhythm, hosts that wish to be left alone, validators of pages, lists of other kinds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what collection needs; of sources from before nothing is known but that they are due."""
    op.add_column("pages", sa.Column("etag", sa.Text(), nullable=True))
    op.add_column("pages", sa.Column("last_modified", sa.Text(), nullable=True))
    op.add_column("pages", sa.Column("entry_print", sa.LargeBinary(length=16), nullable=True))
    op.add_column("pages", sa.Column("read_at", _MOMENT, nullable=True))
    op.add_column("pages", sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("robots", sa.Column("failing_since", _MOMENT, nullable=True))
    op.add_column("robots", sa.Column("last_good", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("every_s", sa.Float(), nullable=True))
    for name in ("next_due_at", "last_new_at", "last_gap_at", "gap_since"):
        op.add_column("sources", sa.Column(name, _MOMENT, nullable=True))
    op.add_column("sources", sa.Column("gaps", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("feeds", sa.Column("kind", sa.String(16), nullable=False, server_default="feed"))
    op.add_column("feeds", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("feeds", sa.Column("moved_since", _MOMENT, nullable=True))
    op.add_column("feeds", sa.Column("moved_days", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("feeds", sa.Column("gone_at", _MOMENT, nullable=True))
    op.create_table(
        "source_days",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False, server_default="0")
            for name in ("visits", "failures", "found", "new", "pages")
        ),
        sa.Column("chars", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("blocked", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_source_days")),
    )
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=True),
        sa.Column("busy_until", _MOMENT, nullable=True),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )


def downgrade() -> None:
    """Not offered: restore a backup."""
    raise NotImplementedError
