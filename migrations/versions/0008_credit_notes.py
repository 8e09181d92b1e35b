"""Credit notes, their series, and the invoices that they refer to."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What was sent to a client or booked is never edited, not even by hand.
_FACTS = (
    "helpdesk_external_invoice",
    "helpdesk_external_invoice_rate",
    "helpdesk_credit_note",
    "helpdesk_credit_note_line",
    "helpdesk_credit_note_share",
    "helpdesk_credit_note_file",
    "helpdesk_credit_note_use",
)


def upgrade() -> None:
    op.create_table(
        "helpdesk_fiscal_identity",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("document", column_types.Json(), nullable=False),
        sa.Column("changed_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_fiscal_identity_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_helpdesk_fiscal_identity")),
    )
    op.create_table(
        "helpdesk_client_identity",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("document", column_types.Json(), nullable=False),
        sa.Column("changed_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_client_identity_agency_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "client_id", name=op.f("pk_helpdesk_client_identity")),
    )
    op.create_table(
        "helpdesk_external_invoice",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("recorded_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_external_invoice_agency_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_external_invoice_agency_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_external_invoice")),
        sa.UniqueConstraint(
            "agency_id", "number", name=op.f("uq_helpdesk_external_invoice_agency_id_number")
        ),
    )
    op.create_index(
        "ix_helpdesk_external_invoice_client",
        "helpdesk_external_invoice",
        ["agency_id", "client_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_helpdesk_external_invoice_contract",
        "helpdesk_external_invoice",
        ["agency_id", "contract_id", "issued_on"],
        unique=False,
    )
    op.create_index(
        "ix_helpdesk_external_invoice_recorded",
        "helpdesk_external_invoice",
        ["agency_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_table(
        "helpdesk_external_invoice_rate",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("invoice_id", column_types.Id(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "invoice_id"],
            ["helpdesk_external_invoice.agency_id", "helpdesk_external_invoice.id"],
            name=op.f("fk_helpdesk_external_invoice_rate_agency_id_invoice_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "invoice_id", "vat_rate", name=op.f("pk_helpdesk_external_invoice_rate")
        ),
    )
    op.create_table(
        "helpdesk_document_series",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("last_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_document_series_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "prefix", name=op.f("pk_helpdesk_document_series")),
    )
    op.create_table(
        "helpdesk_credit_note",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("client_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", column_types.Instant(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["helpdesk_client.agency_id", "helpdesk_client.id"],
            name=op.f("fk_helpdesk_credit_note_agency_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_credit_note_agency_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_credit_note")),
        sa.UniqueConstraint(
            "agency_id", "number", name=op.f("uq_helpdesk_credit_note_agency_id_number")
        ),
        sa.UniqueConstraint(
            "agency_id", "series", "sequence", name="uq_helpdesk_credit_note_sequence"
        ),
    )
    op.create_index(
        "ix_helpdesk_credit_note_client",
        "helpdesk_credit_note",
        ["agency_id", "client_id", "issued_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_helpdesk_credit_note_contract",
        "helpdesk_credit_note",
        ["agency_id", "contract_id", "issued_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_helpdesk_credit_note_issued",
        "helpdesk_credit_note",
        ["agency_id", "issued_at", "id"],
        unique=False,
    )
    op.create_table(
        "helpdesk_credit_note_line",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("credit_note_id", column_types.Id(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("credit_id", column_types.Id(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "credit_note_id"],
            ["helpdesk_credit_note.agency_id", "helpdesk_credit_note.id"],
            name=op.f("fk_helpdesk_credit_note_line_agency_id_credit_note_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "credit_note_id", "place", name=op.f("pk_helpdesk_credit_note_line")
        ),
        sa.UniqueConstraint(
            "agency_id", "credit_id", name=op.f("uq_helpdesk_credit_note_line_agency_id_credit_id")
        ),
    )
    op.create_table(
        "helpdesk_credit_note_share",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("credit_note_id", column_types.Id(), nullable=False),
        sa.Column("invoice_id", column_types.Id(), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "credit_note_id"],
            ["helpdesk_credit_note.agency_id", "helpdesk_credit_note.id"],
            name=op.f("fk_helpdesk_credit_note_share_agency_id_credit_note_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "invoice_id"],
            ["helpdesk_external_invoice.agency_id", "helpdesk_external_invoice.id"],
            name=op.f("fk_helpdesk_credit_note_share_agency_id_invoice_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id",
            "credit_note_id",
            "invoice_id",
            "vat_rate",
            name=op.f("pk_helpdesk_credit_note_share"),
        ),
    )
    op.create_index(
        "ix_helpdesk_credit_note_share_invoice",
        "helpdesk_credit_note_share",
        ["agency_id", "invoice_id"],
        unique=False,
    )
    op.create_table(
        "helpdesk_credit_note_file",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("credit_note_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "credit_note_id"],
            ["helpdesk_credit_note.agency_id", "helpdesk_credit_note.id"],
            name=op.f("fk_helpdesk_credit_note_file_agency_id_credit_note_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "credit_note_id", "kind", name=op.f("pk_helpdesk_credit_note_file")
        ),
    )
    op.create_table(
        "helpdesk_credit_note_use",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("id", column_types.Id(), nullable=False),
        sa.Column("credit_note_id", column_types.Id(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("invoice_id", column_types.Id(), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "credit_note_id"],
            ["helpdesk_credit_note.agency_id", "helpdesk_credit_note.id"],
            name=op.f("fk_helpdesk_credit_note_use_agency_id_credit_note_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "invoice_id"],
            ["helpdesk_external_invoice.agency_id", "helpdesk_external_invoice.id"],
            name=op.f("fk_helpdesk_credit_note_use_agency_id_invoice_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "id", name=op.f("pk_helpdesk_credit_note_use")),
    )
    op.create_index(
        "ix_helpdesk_credit_note_use_invoice",
        "helpdesk_credit_note_use",
        ["agency_id", "invoice_id"],
        unique=False,
    )
    op.create_index(
        "ix_helpdesk_credit_note_use_note",
        "helpdesk_credit_note_use",
        ["agency_id", "credit_note_id", "at"],
        unique=False,
    )

    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def downgrade() -> None:
    op.drop_table("helpdesk_credit_note_use")
    op.drop_table("helpdesk_credit_note_file")
    op.drop_table("helpdesk_credit_note_share")
    op.drop_table("helpdesk_credit_note_line")
    op.drop_table("helpdesk_credit_note")
    op.drop_table("helpdesk_document_series")
    op.drop_table("helpdesk_external_invoice_rate")
    op.drop_table("helpdesk_external_invoice")
    op.drop_table("helpdesk_client_identity")
    op.drop_table("helpdesk_fiscal_identity")


# On SQLite a table that is altered by copying it loses its triggers: a later migration that does so
# makes them again. The function on PostgreSQL is that of the retainer's migration.


def _guard_on_sqlite() -> None:
    for table in _FACTS:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
            )


def _guard_on_postgresql() -> None:
    for table in _FACTS:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION helpdesk_refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_refuse_change()"
        )
