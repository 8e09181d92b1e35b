"""Contract life and plans."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_contract_fact",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("agent_id", column_types.Id(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_contract_fact_agency_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "sequence", name=op.f("pk_helpdesk_contract_fact")
        ),
    )
    with op.batch_alter_table("helpdesk_contract", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("internal_note", sa.String(), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("helpdesk_contract", schema=None) as batch_op:
        batch_op.drop_column("internal_note")
    op.drop_table("helpdesk_contract_fact")
