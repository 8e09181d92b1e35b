"""Who wants to hear of what, and when."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_news",
        *_key("news"),
        sa.Column("kinds", column_types.Json(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("tell_after", column_types.Instant(), nullable=False),
        sa.Column("agent_id", column_types.Id(), nullable=True),
        sa.Column("contact_id", column_types.Id(), nullable=True),
        sa.Column("ticket_id", column_types.Id(), nullable=True),
        sa.Column("message_id", column_types.Id(), nullable=True),
        sa.Column("related_ticket_id", column_types.Id(), nullable=True),
        sa.Column("client_id", column_types.Id(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        _ticket("news"),
    )
    op.create_index("ix_helpdesk_news_due", "helpdesk_news", ["tell_after", "id"])
    op.create_table(
        "helpdesk_notification",
        *_key("notification"),
        sa.Column("reader_kind", sa.String(), nullable=False),
        sa.Column("reader_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("is_folded", sa.Boolean(), nullable=False),
        sa.Column("due_at", column_types.Instant(), nullable=True),
        sa.Column("told_at", column_types.Instant(), nullable=True),
        sa.Column("outbox_key", sa.String(), nullable=True),
        _ticket("notification"),
    )
    table = "helpdesk_notification"
    op.create_index("ix_helpdesk_notification_due", table, ["due_at"])
    op.create_index("ix_helpdesk_notification_reader", table, ["agency_id", "reader_id", "told_at"])
    op.create_index("ix_helpdesk_notification_waiting", table, ["agency_id", "reader_id", "due_at"])
    _create_preferences()


def _create_preferences() -> None:
    table = "helpdesk_notification_preference"
    op.create_table(
        table,
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("reader_id", column_types.Id(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("reader_kind", sa.String(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("set_at", column_types.Instant(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f(f"fk_{table}_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "reader_id", "topic", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_topic", table, ["agency_id", "topic", "delivery"])


def downgrade() -> None:
    op.drop_table("helpdesk_notification_preference")
    op.drop_table("helpdesk_notification")
    op.drop_table("helpdesk_news")


def _key(name: str) -> tuple[sa.Column | sa.Constraint, ...]:
    return (
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f(f"fk_helpdesk_{name}_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f(f"pk_helpdesk_{name}")),
    )


def _ticket(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["agency_id", "ticket_id"],
        ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
        name=op.f(f"fk_helpdesk_{name}_agency_id_ticket_id"),
    )
