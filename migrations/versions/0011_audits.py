"""Audits, signals, routines and reviews."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_audit",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("checklist", column_types.Json(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", column_types.Instant(), nullable=False),
        sa.Column("started_by", column_types.Json(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("completed_at", column_types.Instant(), nullable=True),
        sa.Column("completed_by", column_types.Json(), nullable=True),
        sa.Column("answers_at_completion", sa.Integer(), nullable=False),
        sa.Column("verdict", column_types.Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_audit_agency_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_audit_agency_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_audit")),
    )
    with op.batch_alter_table("helpdesk_audit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_audit_site", ["agency_id", "site_id", "started_at", "id"], unique=False
        )

    op.create_table(
        "helpdesk_emergency_procedure",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", column_types.Json(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("by", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_emergency_procedure_agency_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "version", name=op.f("pk_helpdesk_emergency_procedure")
        ),
    )
    op.create_table(
        "helpdesk_review_meeting",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attendees", sa.String(), nullable=False),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("by", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_review_meeting_agency_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "sequence", name=op.f("pk_helpdesk_review_meeting")
        ),
    )
    op.create_table(
        "helpdesk_review_rhythm",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("by", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_review_rhythm_agency_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "version", name=op.f("pk_helpdesk_review_rhythm")
        ),
    )
    op.create_table(
        "helpdesk_site_sheet",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", column_types.Json(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("by", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_site_sheet_agency_id_site_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "site_id", "version", name=op.f("pk_helpdesk_site_sheet")
        ),
    )
    op.create_table(
        "helpdesk_warning_signal",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=False),
        sa.Column("signal", sa.String(), nullable=False),
        sa.Column("is_derived", sa.Boolean(), nullable=False),
        sa.Column("is_against_data", sa.Boolean(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_at", column_types.Instant(), nullable=False),
        sa.Column("raised_by", column_types.Json(), nullable=False),
        sa.Column("raised_evidence", sa.String(), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.Column("cleared_at", column_types.Instant(), nullable=True),
        sa.Column("cleared_by", column_types.Json(), nullable=True),
        sa.Column("cleared_evidence", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_warning_signal_agency_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_warning_signal")),
    )
    with op.batch_alter_table("helpdesk_warning_signal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_warning_signal_site",
            ["agency_id", "site_id", "raised_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_helpdesk_warning_signal_up",
            ["agency_id", "site_id", "signal"],
            unique=True,
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        )

    op.create_table(
        "helpdesk_audit_answer",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("audit_id", column_types.Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("by", column_types.Json(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_derived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "audit_id"],
            ["helpdesk_audit.agency_id", "helpdesk_audit.id"],
            name=op.f("fk_helpdesk_audit_answer_agency_id_audit_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "audit_id", "sequence", name=op.f("pk_helpdesk_audit_answer")
        ),
    )
    op.create_table(
        "helpdesk_audit_call",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=False),
        sa.Column("began_at", column_types.Instant(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_audit_call_agency_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_audit_call_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "site_id", "began_at", name=op.f("pk_helpdesk_audit_call")
        ),
    )
    with op.batch_alter_table("helpdesk_audit_call", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_audit_call_standing",
            ["agency_id", "site_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.create_table(
        "helpdesk_routine_run",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=False),
        sa.Column("opened_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_routine_run_agency_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_routine_run_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "month", "kind", name=op.f("pk_helpdesk_routine_run")
        ),
    )


def downgrade() -> None:
    for name in (
        "routine_run",
        "audit_call",
        "audit_answer",
        "warning_signal",
        "site_sheet",
        "review_rhythm",
        "review_meeting",
        "emergency_procedure",
        "audit",
    ):
        op.drop_table(f"helpdesk_{name}")
