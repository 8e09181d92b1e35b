"""Mailboxes on other servers, and how far they were read."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_mailbox",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", column_types.Instant(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_mailbox_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "account", name=op.f("pk_helpdesk_mailbox")),
    )


def downgrade() -> None:
    op.drop_table("helpdesk_mailbox")
