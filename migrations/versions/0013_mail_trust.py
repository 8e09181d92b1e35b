"""Who vouches for the author of a mail, and the keys that our own mails are signed with."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_VERDICT = ("auth_outcome", "auth_method", "auth_domain", "auth_server")


def upgrade() -> None:
    op.create_table(
        "helpdesk_mail_key",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_mail_key_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "number", name=op.f("pk_helpdesk_mail_key")),
    )
    for name in _VERDICT:
        op.add_column("helpdesk_inbound_mail", sa.Column(name, sa.String(), nullable=True))
    op.create_index(
        "ix_helpdesk_inbound_mail_author",
        "helpdesk_inbound_mail",
        ["agency_id", "from_addr", "received_at"],
    )
    op.add_column("helpdesk_message", sa.Column("doubt", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("helpdesk_message", "doubt")
    op.drop_index("ix_helpdesk_inbound_mail_author", table_name="helpdesk_inbound_mail")
    for name in reversed(_VERDICT):
        op.drop_column("helpdesk_inbound_mail", name)
    op.drop_table("helpdesk_mail_key")
