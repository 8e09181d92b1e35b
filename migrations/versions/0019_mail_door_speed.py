"""What keeps the mail door fast however much it holds."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WAITING = sa.text("state IN ('STORED', 'FAILED')")
_TO_SEND = sa.text("state IN ('PENDING', 'SENDING')")
_SENDING = ("helpdesk_outbox_mail", "helpdesk_webhook_delivery")


def upgrade() -> None:
    op.create_index(
        "ix_helpdesk_inbound_mail_waiting",
        "helpdesk_inbound_mail",
        ["received_at", "id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    for table in _SENDING:
        op.drop_index(f"ix_{table}_due", table_name=table)
        op.create_index(
            f"ix_{table}_to_send",
            table,
            ["send_after", "id"],
            sqlite_where=_TO_SEND,
            postgresql_where=_TO_SEND,
        )


def downgrade() -> None:
    for table in reversed(_SENDING):
        op.drop_index(f"ix_{table}_to_send", table_name=table)
        op.create_index(f"ix_{table}_due", table, ["state", "send_after"])
    op.drop_index("ix_helpdesk_inbound_mail_waiting", table_name="helpdesk_inbound_mail")
