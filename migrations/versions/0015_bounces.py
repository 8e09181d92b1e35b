"""Addresses that our mails do not reach, and who handed a mail over to us."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INBOUND = "helpdesk_inbound_mail"
_OUTBOX = "helpdesk_outbox_mail"


def upgrade() -> None:
    op.create_table(
        "helpdesk_undeliverable_address",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since", column_types.Instant(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cleared_at", column_types.Instant(), nullable=True),
        sa.Column("cleared_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_undeliverable_address_agency_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "address", name=op.f("pk_helpdesk_undeliverable_address")
        ),
    )
    op.add_column(_OUTBOX, sa.Column("bounced_at", column_types.Instant(), nullable=True))
    op.add_column(_OUTBOX, sa.Column("bounce_status", sa.String(), nullable=True))
    op.add_column(_OUTBOX, sa.Column("bounce_text", sa.String(), nullable=True))
    op.add_column(_INBOUND, sa.Column("peer", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column(_INBOUND, "peer")
    for name in ("bounce_text", "bounce_status", "bounced_at"):
        op.drop_column(_OUTBOX, name)
    op.drop_table("helpdesk_undeliverable_address")
