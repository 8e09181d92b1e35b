"""The words and the look of an agency's mails."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_mail_template",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("made_at", column_types.Instant(), nullable=False),
        sa.Column("made_by", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_mail_template_agency_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "kind", "locale", "version", name=op.f("pk_helpdesk_mail_template")
        ),
    )
    op.create_table(
        "helpdesk_mail_look",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("accent", sa.String(), nullable=False),
        sa.Column("footer", column_types.Json(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("logo_sha256", sa.String(), nullable=True),
        sa.Column("logo_type", sa.String(), nullable=True),
        sa.Column("logo_width", sa.Integer(), nullable=True),
        sa.Column("logo_height", sa.Integer(), nullable=True),
        sa.Column("made_at", column_types.Instant(), nullable=False),
        sa.Column("made_by", column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_mail_look_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "version", name=op.f("pk_helpdesk_mail_look")),
    )


def downgrade() -> None:
    op.drop_table("helpdesk_mail_look")
    op.drop_table("helpdesk_mail_template")
