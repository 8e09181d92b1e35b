"""Quotes, classifications, exclusions and declared interventions."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_intervention",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("is_declared", sa.Boolean(), nullable=False),
        sa.Column("detected_by", sa.String(), nullable=True),
        sa.Column("recorded_by", column_types.Json(), nullable=False),
        sa.Column("recorded_at", column_types.Instant(), nullable=False),
        sa.Column("validated_by", sa.String(), nullable=True),
        sa.Column("validated_at", column_types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_intervention_agency_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_intervention_agency_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_intervention")),
    )
    with op.batch_alter_table("helpdesk_intervention", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_intervention_client", ["agency_id", "client_id", "at", "id"], unique=False
        )

    op.create_table(
        "helpdesk_classification",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("coverage", sa.String(), nullable=False),
        sa.Column("funding", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("exclusion", sa.String(), nullable=True),
        sa.Column("estimate_minutes", sa.Integer(), nullable=True),
        sa.Column("client_agrees_run", sa.Boolean(), nullable=False),
        sa.Column("is_regression", sa.Boolean(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=True),
        sa.Column("rules_say", column_types.Json(), nullable=False),
        sa.Column("proposed_by", column_types.Json(), nullable=False),
        sa.Column("proposed_at", column_types.Instant(), nullable=False),
        sa.Column("is_decided", sa.Boolean(), nullable=False),
        sa.Column("decided_by", column_types.Json(), nullable=True),
        sa.Column("decided_at", column_types.Instant(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("disputed_by", column_types.Json(), nullable=True),
        sa.Column("disputed_at", column_types.Instant(), nullable=True),
        sa.Column("dispute_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_classification_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "ticket_id", "sequence", name=op.f("pk_helpdesk_classification")
        ),
    )
    with op.batch_alter_table("helpdesk_classification", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_classification_latest",
            ["agency_id", "ticket_id"],
            unique=True,
            sqlite_where=sa.text("is_latest"),
            postgresql_where=sa.text("is_latest"),
        )

    op.create_table(
        "helpdesk_exclusion",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=False),
        sa.Column("intervention_id", column_types.Id(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("began_at", column_types.Instant(), nullable=False),
        sa.Column("recorded_by", column_types.Json(), nullable=False),
        sa.Column("recorded_at", column_types.Instant(), nullable=False),
        sa.Column("evidence", column_types.Json(), nullable=False),
        sa.Column("lifted_by", column_types.Json(), nullable=True),
        sa.Column("lifted_at", column_types.Instant(), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "intervention_id"],
            ["helpdesk_intervention.agency_id", "helpdesk_intervention.id"],
            name=op.f("fk_helpdesk_exclusion_agency_id_intervention_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_exclusion_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_exclusion")),
    )
    with op.batch_alter_table("helpdesk_exclusion", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_exclusion_ticket",
            ["agency_id", "ticket_id", "recorded_at", "id"],
            unique=False,
        )

    op.create_table(
        "helpdesk_quote",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=True),
        sa.Column("contract_id", column_types.Id(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("validity_days", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", column_types.Instant(), nullable=False),
        sa.Column("sent_at", column_types.Instant(), nullable=True),
        sa.Column("expires_at", column_types.Instant(), nullable=True),
        sa.Column("ended_at", column_types.Instant(), nullable=True),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("document_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_quote_agency_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_quote_agency_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_quote_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_quote")),
        sa.UniqueConstraint(
            "agency_id",
            "number",
            "version",
            name=op.f("uq_helpdesk_quote_agency_id_number_version"),
        ),
    )
    with op.batch_alter_table("helpdesk_quote", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_quote_client", ["agency_id", "client_id", "created_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_helpdesk_quote_created", ["agency_id", "created_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_helpdesk_quote_lapsing",
            ["agency_id", "expires_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'SENT'"),
            postgresql_where=sa.text("status = 'SENT'"),
        )
        batch_op.create_index(
            "ix_helpdesk_quote_ticket", ["agency_id", "ticket_id", "created_at", "id"], unique=False
        )

    op.create_table(
        "helpdesk_quote_answer",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("quote_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("contact_id", column_types.Id(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("ip_hash", sa.String(), nullable=True),
        sa.Column("document_hash", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("then", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "contact_id"],
            ["helpdesk_contact.agency_id", "helpdesk_contact.id"],
            name=op.f("fk_helpdesk_quote_answer_agency_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "quote_id"],
            ["helpdesk_quote.agency_id", "helpdesk_quote.id"],
            name=op.f("fk_helpdesk_quote_answer_agency_id_quote_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "quote_id", name=op.f("pk_helpdesk_quote_answer")),
    )
    op.create_table(
        "helpdesk_quote_conversion",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("quote_id", column_types.Id(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=True),
        sa.Column("record", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "quote_id"],
            ["helpdesk_quote.agency_id", "helpdesk_quote.id"],
            name=op.f("fk_helpdesk_quote_conversion_agency_id_quote_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_quote_conversion_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "quote_id", name=op.f("pk_helpdesk_quote_conversion")),
    )
    op.create_table(
        "helpdesk_quote_line",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("quote_id", column_types.Id(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.Integer(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "quote_id"],
            ["helpdesk_quote.agency_id", "helpdesk_quote.id"],
            name=op.f("fk_helpdesk_quote_line_agency_id_quote_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "quote_id", "place", name=op.f("pk_helpdesk_quote_line")
        ),
    )


def downgrade() -> None:
    op.drop_table("helpdesk_quote_line")
    op.drop_table("helpdesk_quote_conversion")
    op.drop_table("helpdesk_quote_answer")
    with op.batch_alter_table("helpdesk_quote", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_quote_ticket")
        batch_op.drop_index(
            "ix_helpdesk_quote_lapsing",
            sqlite_where=sa.text("status = 'SENT'"),
            postgresql_where=sa.text("status = 'SENT'"),
        )
        batch_op.drop_index("ix_helpdesk_quote_created")
        batch_op.drop_index("ix_helpdesk_quote_client")

    op.drop_table("helpdesk_quote")
    with op.batch_alter_table("helpdesk_exclusion", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_exclusion_ticket")

    op.drop_table("helpdesk_exclusion")
    with op.batch_alter_table("helpdesk_classification", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_helpdesk_classification_latest",
            sqlite_where=sa.text("is_latest"),
            postgresql_where=sa.text("is_latest"),
        )

    op.drop_table("helpdesk_classification")
    with op.batch_alter_table("helpdesk_intervention", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_intervention_client")

    op.drop_table("helpdesk_intervention")
