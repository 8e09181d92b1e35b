"""What becomes of mails on closed tickets, and of forwarded ones."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_mail_follow_up",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("reopen_days", sa.Integer(), nullable=False),
        sa.Column("set_by", column_types.Json(), nullable=False),
        sa.Column("set_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_mail_follow_up_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "number", name=op.f("pk_helpdesk_mail_follow_up")),
    )
    op.add_column(
        "helpdesk_ticket",
        sa.Column(
            "is_requester_unconfirmed", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )
    op.add_column(
        "helpdesk_message", sa.Column("written_at", column_types.Instant(), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("helpdesk_message", "written_at")
    op.drop_column("helpdesk_ticket", "is_requester_unconfirmed")
    op.drop_table("helpdesk_mail_follow_up")
