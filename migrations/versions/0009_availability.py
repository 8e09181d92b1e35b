"""Incidents, hooks and what was done on a site."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_maintenance",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=False),
        sa.Column("starts_at", column_types.Instant(), nullable=False),
        sa.Column("ends_at", column_types.Instant(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("announced_at", column_types.Instant(), nullable=False),
        sa.Column("announced_by", column_types.Json(), nullable=False),
        sa.Column("cancelled_at", column_types.Instant(), nullable=True),
        sa.Column("cancelled_by", column_types.Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_maintenance_agency_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_maintenance")),
    )
    with op.batch_alter_table("helpdesk_maintenance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_maintenance_site",
            ["agency_id", "site_id", "starts_at", "id"],
            unique=False,
        )

    op.create_table(
        "helpdesk_monitoring_hook",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", column_types.Instant(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=True),
        sa.Column("revoked_at", column_types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_monitoring_hook_agency_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_monitoring_hook_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_monitoring_hook")),
        sa.UniqueConstraint("id", name=op.f("uq_helpdesk_monitoring_hook_id")),
    )
    op.create_table(
        "helpdesk_probe_watch",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("began_at", column_types.Instant(), nullable=False),
        sa.Column("ended_at", column_types.Instant(), nullable=True),
        sa.Column("is_gap", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", column_types.Instant(), nullable=False),
        sa.Column("recorded_by", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_probe_watch_agency_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_probe_watch")),
    )
    with op.batch_alter_table("helpdesk_probe_watch", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_probe_watch_site", ["agency_id", "site_id", "began_at", "id"], unique=False
        )

    op.create_table(
        "helpdesk_site_record",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("document", column_types.Json(), nullable=False),
        sa.Column("recorded_at", column_types.Instant(), nullable=False),
        sa.Column("recorded_by", column_types.Json(), nullable=False),
        sa.Column("corrects", column_types.Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "corrects"],
            ["helpdesk_site_record.agency_id", "helpdesk_site_record.id"],
            name=op.f("fk_helpdesk_site_record_agency_id_corrects"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_site_record_agency_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_site_record")),
    )
    with op.batch_alter_table("helpdesk_site_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_site_record_corrects", ["agency_id", "corrects"], unique=False
        )
        batch_op.create_index(
            "ix_helpdesk_site_record_site",
            ["agency_id", "site_id", "kind", "at", "id"],
            unique=False,
        )

    op.create_table(
        "helpdesk_incident",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("site_id", column_types.Id(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("began_at", column_types.Instant(), nullable=False),
        sa.Column("ended_at", column_types.Instant(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("external_key", sa.String(), nullable=True),
        sa.Column("ticket_id", column_types.Id(), nullable=True),
        sa.Column("is_outage", sa.Boolean(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "site_id"],
            ["helpdesk_site.agency_id", "helpdesk_site.id"],
            name=op.f("fk_helpdesk_incident_agency_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_incident_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_incident")),
        sa.UniqueConstraint(
            "agency_id",
            "source",
            "external_key",
            name=op.f("uq_helpdesk_incident_agency_id_source_external_key"),
        ),
    )
    with op.batch_alter_table("helpdesk_incident", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_incident_latest", ["agency_id", "began_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_helpdesk_incident_site", ["agency_id", "site_id", "began_at", "id"], unique=False
        )

    op.create_table(
        "helpdesk_monitoring_signal",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("hook_id", column_types.Id(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("received_at", column_types.Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "hook_id"],
            ["helpdesk_monitoring_hook.agency_id", "helpdesk_monitoring_hook.id"],
            name=op.f("fk_helpdesk_monitoring_signal_agency_id_hook_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_monitoring_signal")),
        sa.UniqueConstraint(
            "agency_id",
            "hook_id",
            "call_id",
            name=op.f("uq_helpdesk_monitoring_signal_agency_id_hook_id_call_id"),
        ),
    )
    with op.batch_alter_table("helpdesk_monitoring_signal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_monitoring_signal_state",
            ["agency_id", "hook_id", "state", "received_at", "id"],
            unique=False,
        )

    op.create_table(
        "helpdesk_incident_fact",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("incident_id", column_types.Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("began_at", column_types.Instant(), nullable=False),
        sa.Column("ended_at", column_types.Instant(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor", column_types.Json(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "incident_id"],
            ["helpdesk_incident.agency_id", "helpdesk_incident.id"],
            name=op.f("fk_helpdesk_incident_fact_agency_id_incident_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "incident_id", "sequence", name=op.f("pk_helpdesk_incident_fact")
        ),
    )


def downgrade() -> None:
    for name in (
        "incident_fact",
        "monitoring_signal",
        "incident",
        "site_record",
        "probe_watch",
        "monitoring_hook",
        "maintenance",
    ):
        op.drop_table(f"helpdesk_{name}")
