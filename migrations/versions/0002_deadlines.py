"""Escalation, batches, corrections, webhooks and workers."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_worker",
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", column_types.Instant(), nullable=False),
        sa.Column("beat_at", column_types.Instant(), nullable=False),
        sa.Column("lag_seconds", sa.Integer(), nullable=False),
        sa.Column("fired", sa.Integer(), nullable=False),
        sa.Column("stopped_at", column_types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helpdesk_worker")),
    )
    op.create_table(
        "helpdesk_correction",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", column_types.Id(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("agent_id", column_types.Id(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", column_types.Json(), nullable=False),
        sa.Column("moves", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_correction_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_correction")),
    )
    with op.batch_alter_table("helpdesk_correction", schema=None) as batch_op:
        batch_op.create_index("ix_helpdesk_correction_at", ["agency_id", "at", "id"], unique=False)

    op.create_table(
        "helpdesk_webhook",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", column_types.Instant(), nullable=False),
        sa.Column("disabled_at", column_types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["helpdesk_agency.agency_id"], name=op.f("fk_helpdesk_webhook_agency_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_webhook")),
    )
    op.create_table(
        "helpdesk_batch",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("created_at", column_types.Instant(), nullable=False),
        sa.Column("opened_at", column_types.Instant(), nullable=True),
        sa.Column("closed_at", column_types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_batch_agency_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_batch")),
        sa.UniqueConstraint("agency_id", "number", name=op.f("uq_helpdesk_batch_agency_id_number")),
    )
    with op.batch_alter_table("helpdesk_batch", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_batch_client", ["agency_id", "client_id", "id"], unique=False
        )

    op.create_table(
        "helpdesk_team_member",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("team_id", column_types.Id(), nullable=False),
        sa.Column("agent_id", column_types.Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "agent_id"],
            ["helpdesk_agent.agency_id", "helpdesk_agent.id"],
            name=op.f("fk_helpdesk_team_member_agency_id_agent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "team_id"],
            ["helpdesk_team.agency_id", "helpdesk_team.id"],
            name=op.f("fk_helpdesk_team_member_agency_id_team_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "team_id", "agent_id", name=op.f("pk_helpdesk_team_member")
        ),
    )
    op.create_table(
        "helpdesk_webhook_delivery",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("webhook_id", column_types.Id(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", column_types.Json(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", column_types.Instant(), nullable=False),
        sa.Column("send_after", column_types.Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("sent_at", column_types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "webhook_id"],
            ["helpdesk_webhook.agency_id", "helpdesk_webhook.id"],
            name=op.f("fk_helpdesk_webhook_delivery_agency_id_webhook_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_webhook_delivery")),
        sa.UniqueConstraint(
            "agency_id",
            "idempotency_key",
            name=op.f("uq_helpdesk_webhook_delivery_agency_id_idempotency_key"),
        ),
    )
    with op.batch_alter_table("helpdesk_webhook_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_webhook_delivery_due", ["state", "send_after"], unique=False
        )
        batch_op.create_index(
            "ix_helpdesk_webhook_delivery_latest",
            ["agency_id", "webhook_id", "created_at", "id"],
            unique=False,
        )

    op.create_table(
        "helpdesk_sla_firing",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("due_at", column_types.Instant(), nullable=False),
        sa.Column("fired_at", column_types.Instant(), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.Column("act_at", column_types.Instant(), nullable=True),
        sa.Column("acted_at", column_types.Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("outcome", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_sla_firing_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "ticket_id", "metric", "cycle", "step", name=op.f("pk_helpdesk_sla_firing")
        ),
    )
    with op.batch_alter_table("helpdesk_sla_firing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_sla_firing_act",
            ["act_at"],
            unique=False,
            sqlite_where=sa.text("act_at IS NOT NULL"),
            postgresql_where=sa.text("act_at IS NOT NULL"),
        )

    with op.batch_alter_table("helpdesk_calendar_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrects", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("published_at", column_types.Instant(), nullable=True))

    with op.batch_alter_table("helpdesk_contract_terms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrects", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("published_at", column_types.Instant(), nullable=True))

    with op.batch_alter_table("helpdesk_sla_clock", schema=None) as batch_op:
        batch_op.add_column(sa.Column("postponed_to", column_types.Instant(), nullable=True))
        batch_op.add_column(
            sa.Column("earlier_results", column_types.Json(), nullable=False, server_default="[]")
        )
        batch_op.add_column(
            sa.Column("steps", column_types.Json(), nullable=False, server_default="[]")
        )
        batch_op.add_column(sa.Column("next_at", column_types.Instant(), nullable=True))
        batch_op.create_index(
            "ix_helpdesk_sla_clock_breached", ["agency_id", "breached_at"], unique=False
        )
        batch_op.create_index(
            "ix_helpdesk_sla_clock_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_helpdesk_sla_clock_stopped", ["agency_id", "stopped_at"], unique=False
        )

    # The worker looks at every open clock that breaks one day; its ladder comes with the next fact.
    op.execute(
        "UPDATE helpdesk_sla_clock SET next_at = breached_at"
        " WHERE stopped_at IS NULL AND cancelled_at IS NULL"
    )

    with op.batch_alter_table("helpdesk_ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_id", column_types.Id(), nullable=True))
        batch_op.add_column(sa.Column("postponed_to", column_types.Instant(), nullable=True))
        batch_op.create_index(
            "ix_helpdesk_ticket_batch", ["agency_id", "batch_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_helpdesk_ticket_contract", ["agency_id", "contract_id", "id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_helpdesk_ticket_agency_id_batch_id"),
            "helpdesk_batch",
            ["agency_id", "batch_id"],
            ["agency_id", "id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("helpdesk_ticket", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_helpdesk_ticket_agency_id_batch_id"), type_="foreignkey"
        )
        batch_op.drop_index("ix_helpdesk_ticket_contract")
        batch_op.drop_index("ix_helpdesk_ticket_batch")
        batch_op.drop_column("postponed_to")
        batch_op.drop_column("batch_id")

    with op.batch_alter_table("helpdesk_sla_clock", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_sla_clock_stopped")
        batch_op.drop_index(
            "ix_helpdesk_sla_clock_next",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_helpdesk_sla_clock_breached")
        batch_op.drop_column("next_at")
        batch_op.drop_column("steps")
        batch_op.drop_column("earlier_results")
        batch_op.drop_column("postponed_to")

    with op.batch_alter_table("helpdesk_contract_terms", schema=None) as batch_op:
        batch_op.drop_column("published_at")
        batch_op.drop_column("corrects")

    with op.batch_alter_table("helpdesk_calendar_version", schema=None) as batch_op:
        batch_op.drop_column("published_at")
        batch_op.drop_column("corrects")

    with op.batch_alter_table("helpdesk_sla_firing", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_helpdesk_sla_firing_act",
            sqlite_where=sa.text("act_at IS NOT NULL"),
            postgresql_where=sa.text("act_at IS NOT NULL"),
        )

    op.drop_table("helpdesk_sla_firing")
    with op.batch_alter_table("helpdesk_webhook_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_webhook_delivery_latest")
        batch_op.drop_index("ix_helpdesk_webhook_delivery_due")

    op.drop_table("helpdesk_webhook_delivery")
    op.drop_table("helpdesk_team_member")
    with op.batch_alter_table("helpdesk_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_batch_client")

    op.drop_table("helpdesk_batch")
    op.drop_table("helpdesk_webhook")
    with op.batch_alter_table("helpdesk_correction", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_correction_at")

    op.drop_table("helpdesk_correction")
    op.drop_table("helpdesk_worker")
