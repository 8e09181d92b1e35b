"""Monthly reports, and the indexes that lead from a contract to what happened in a month."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_report",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("summary", column_types.Json(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("video_url", sa.String(), nullable=False),
        sa.Column("created_at", column_types.Instant(), nullable=False),
        sa.Column("published_at", column_types.Instant(), nullable=True),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("snapshot", column_types.Json(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_report_agency_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_report_agency_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_report")),
        sa.UniqueConstraint(
            "agency_id",
            "contract_id",
            "month",
            "version",
            name=op.f("uq_helpdesk_report_agency_id_contract_id_month_version"),
        ),
    )
    with op.batch_alter_table("helpdesk_report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_report_client", ["agency_id", "client_id", "month", "id"], unique=False
        )
        batch_op.create_index(
            "ix_helpdesk_report_month", ["agency_id", "month", "id"], unique=False
        )
    op.create_index(
        "ix_helpdesk_ticket_contract_updated",
        "helpdesk_ticket",
        ["agency_id", "contract_id", "updated_at"],
    )
    op.create_index(
        "ix_helpdesk_ticket_postponed",
        "helpdesk_ticket",
        ["agency_id", "contract_id", "postponed_to"],
        sqlite_where=sa.text("postponed_to IS NOT NULL"),
        postgresql_where=sa.text("postponed_to IS NOT NULL"),
    )
    op.create_index(
        "ix_helpdesk_work_entry_started", "helpdesk_work_entry", ["agency_id", "started_at"]
    )
    op.create_index(
        "ix_helpdesk_retainer_entry_month",
        "helpdesk_retainer_entry",
        ["agency_id", "contract_id", "period_start"],
    )


def downgrade() -> None:
    op.drop_index("ix_helpdesk_retainer_entry_month", table_name="helpdesk_retainer_entry")
    op.drop_index("ix_helpdesk_work_entry_started", table_name="helpdesk_work_entry")
    op.drop_index("ix_helpdesk_ticket_postponed", table_name="helpdesk_ticket")
    op.drop_index("ix_helpdesk_ticket_contract_updated", table_name="helpdesk_ticket")
    op.drop_table("helpdesk_report")
