"""As what an article was told, mails made smaller or suppressed, and mailboxes that refuse."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns with what holds for rows from before: told as an entry, neither made smaller nor suppressed."""
    op.add_column("told", sa.Column("way", sa.String(16), nullable=False, server_default="entry"))
    op.add_column("outbox", sa.Column("shrunk", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("attempts_before", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("rule", sa.String(24), nullable=False, server_default=""))
    op.add_column("digests", sa.Column("asked", sa.Text(), nullable=True))
    op.add_column("digests", sa.Column("articles", sa.Integer(), nullable=True))
    op.add_column("digests", sa.Column("mails", sa.Integer(), nullable=True))
    op.add_column("digests", sa.Column("newest_match", sa.BigInteger(), nullable=True))
    op.create_table(
        "mailboxes",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", "subscription_id", name=op.f("pk_mailboxes")),
    )


def downgrade() -> None:
    """Not offered: restore a backup."""
    raise NotImplementedError
