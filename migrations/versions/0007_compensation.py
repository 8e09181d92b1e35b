"""Compensation: credits for broken promises, and the facts of their lives."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_credit",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("capped_cents", sa.Integer(), nullable=False),
        sa.Column("overcredited_cents", sa.Integer(), nullable=False),
        sa.Column("outweighed", sa.Boolean(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("clause_version", sa.Integer(), nullable=False),
        sa.Column("base", column_types.Json(), nullable=False),
        sa.Column("evidence", column_types.Json(), nullable=False),
        sa.Column("breached_at", column_types.Instant(), nullable=False),
        sa.Column("completes", column_types.Id(), nullable=True),
        sa.Column("created_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_credit_agency_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_credit_agency_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_credit_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_credit")),
        sa.UniqueConstraint(
            "agency_id",
            "contract_id",
            "month",
            "kind",
            "subject",
            "revision",
            name=op.f("uq_helpdesk_credit_agency_id_contract_id_month_kind_subject_revision"),
        ),
    )
    with op.batch_alter_table("helpdesk_credit", schema=None) as batch_op:
        for name, columns in (
            ("created", ["agency_id", "created_at", "id"]),
            ("of_contract", ["agency_id", "contract_id", "created_at", "id"]),
            ("of_client", ["agency_id", "client_id", "created_at", "id"]),
            ("of_ticket", ["agency_id", "ticket_id"]),
        ):
            batch_op.create_index(f"ix_helpdesk_credit_{name}", columns, unique=False)
    op.create_table(
        "helpdesk_credit_fact",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("credit_id", column_types.Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("agent_id", column_types.Id(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("overcredited_cents", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "credit_id"],
            ["helpdesk_credit.agency_id", "helpdesk_credit.id"],
            name=op.f("fk_helpdesk_credit_fact_agency_id_credit_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "credit_id", "sequence", name=op.f("pk_helpdesk_credit_fact")
        ),
    )


def downgrade() -> None:
    op.drop_table("helpdesk_credit_fact")
    op.drop_table("helpdesk_credit")
