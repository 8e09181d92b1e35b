"""What was set aside, and how the mail door does."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_INBOUND = "helpdesk_inbound_mail"
_OUTBOX = "helpdesk_outbox_mail"


def upgrade() -> None:
    _keep_who_reads_and_who_decided()
    _keep_who_is_not_heard()
    _keep_how_mailboxes_do()
    _list_what_goes_out()


def _keep_who_reads_and_who_decided() -> None:
    op.add_column(_INBOUND, sa.Column("settled_by", sa.String(), nullable=True))
    op.add_column(_INBOUND, sa.Column("claimed_at", column_types.Instant(), nullable=True))
    op.add_column(_INBOUND, sa.Column("claimed_by", sa.String(), nullable=True))
    op.add_column(_INBOUND, sa.Column("crashes", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_helpdesk_inbound_mail_transport", _INBOUND, ["agency_id", "transport", "received_at"]
    )


def _keep_who_is_not_heard() -> None:
    op.create_table(
        "helpdesk_sender_rule",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("blocked_at", column_types.Instant(), nullable=False),
        sa.Column("blocked_by", sa.String(), nullable=False),
        sa.Column("lifted_at", column_types.Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_sender_rule_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "sender", name=op.f("pk_helpdesk_sender_rule")),
    )


def _keep_how_mailboxes_do() -> None:
    op.add_column(
        "helpdesk_mailbox", sa.Column("failing_since", column_types.Instant(), nullable=True)
    )
    op.add_column(
        "helpdesk_mail_key", sa.Column("retired_at", column_types.Instant(), nullable=True)
    )


def _list_what_goes_out() -> None:
    for name in ("recipient", "subject", "discarded_by"):
        op.add_column(_OUTBOX, sa.Column(name, sa.String(), nullable=True))
    op.add_column(_OUTBOX, sa.Column("discarded_at", column_types.Instant(), nullable=True))
    is_postgres = op.get_bind().dialect.name == "postgresql"
    address = "document->'recipient'->>1" if is_postgres else "document->>'$.recipient[1]'"
    # Columns beside the document, so that a list is filtered without opening it.
    op.execute(
        f"UPDATE {_OUTBOX} SET recipient = lower({address}), subject = document->>'subject'"  # noqa: S608 - no value
    )
    for name, columns in _OUTBOX_INDEXES.items():
        op.create_index(f"ix_helpdesk_outbox_mail_{name}", _OUTBOX, columns)


_OUTBOX_INDEXES = {
    "created": ["agency_id", "created_at", "id"],
    "state": ["agency_id", "state", "created_at", "id"],
    "recipient": ["agency_id", "recipient", "created_at", "id"],
}


def downgrade() -> None:
    for name in reversed(_OUTBOX_INDEXES):
        op.drop_index(f"ix_helpdesk_outbox_mail_{name}", table_name=_OUTBOX)
    for name in ("discarded_at", "discarded_by", "subject", "recipient"):
        op.drop_column(_OUTBOX, name)
    op.drop_column("helpdesk_mail_key", "retired_at")
    op.drop_column("helpdesk_mailbox", "failing_since")
    op.drop_table("helpdesk_sender_rule")
    op.drop_index("ix_helpdesk_inbound_mail_transport", table_name=_INBOUND)
    for name in ("crashes", "claimed_by", "claimed_at", "settled_by"):
        op.drop_column(_INBOUND, name)
