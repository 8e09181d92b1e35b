"""Forfaits: books, lots, holds and entries that never change; the work log and its timers."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FACTS = ("helpdesk_retainer_entry", "helpdesk_work_entry")


def upgrade() -> None:
    op.create_table(
        "helpdesk_retainer_book",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("terms", column_types.Json(), nullable=False),
        sa.Column("open_from", column_types.Instant(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id"],
            ["helpdesk_contract.agency_id", "helpdesk_contract.id"],
            name=op.f("fk_helpdesk_retainer_book_agency_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "unit", name=op.f("pk_helpdesk_retainer_book")
        ),
    )
    op.create_table(
        "helpdesk_retainer_entry",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("effective_at", column_types.Instant(), nullable=False),
        sa.Column("asked_for", column_types.Instant(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=True),
        sa.Column("opens", column_types.Json(), nullable=True),
        sa.Column("hold", sa.Integer(), nullable=True),
        sa.Column("reverses", sa.Integer(), nullable=True),
        sa.Column("expires_at", column_types.Instant(), nullable=True),
        sa.Column("claim", column_types.Json(), nullable=True),
        sa.Column("approved_by", column_types.Json(), nullable=True),
        sa.Column("period_start", column_types.Instant(), nullable=False),
        sa.Column("period_end", column_types.Instant(), nullable=False),
        sa.Column("corrects_start", column_types.Instant(), nullable=True),
        sa.Column("corrects_end", column_types.Instant(), nullable=True),
        sa.Column("at", column_types.Instant(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("agent_id", column_types.Id(), nullable=True),
        sa.Column("contact_id", column_types.Id(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id", "unit"],
            [
                "helpdesk_retainer_book.agency_id",
                "helpdesk_retainer_book.contract_id",
                "helpdesk_retainer_book.unit",
            ],
            name=op.f("fk_helpdesk_retainer_entry_agency_id_contract_id_unit"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "unit", "number", name=op.f("pk_helpdesk_retainer_entry")
        ),
        sa.UniqueConstraint(
            "agency_id",
            "contract_id",
            "unit",
            "key",
            "place",
            name=op.f("uq_helpdesk_retainer_entry_agency_id_contract_id_unit_key_place"),
        ),
    )
    with op.batch_alter_table("helpdesk_retainer_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_retainer_entry_over",
            ["agency_id", "contract_id", "unit", "period_start"],
            unique=False,
            sqlite_where=sa.text("lot IS NULL"),
            postgresql_where=sa.text("lot IS NULL"),
        )
        batch_op.create_index(
            "ix_helpdesk_retainer_entry_reverses",
            ["agency_id", "contract_id", "unit", "reverses"],
            unique=False,
            sqlite_where=sa.text("reverses IS NOT NULL"),
            postgresql_where=sa.text("reverses IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_helpdesk_retainer_entry_source",
            ["agency_id", "contract_id", "unit", "source"],
            unique=False,
        )

    op.create_table(
        "helpdesk_retainer_hold",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("effective_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id", "unit"],
            [
                "helpdesk_retainer_book.agency_id",
                "helpdesk_retainer_book.contract_id",
                "helpdesk_retainer_book.unit",
            ],
            name=op.f("fk_helpdesk_retainer_hold_agency_id_contract_id_unit"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "unit", "number", name=op.f("pk_helpdesk_retainer_hold")
        ),
    )
    with op.batch_alter_table("helpdesk_retainer_hold", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_retainer_hold_source",
            ["agency_id", "contract_id", "unit", "source"],
            unique=False,
        )

    op.create_table(
        "helpdesk_retainer_lot",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("contract_id", column_types.Id(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("effective_at", column_types.Instant(), nullable=False),
        sa.Column("expires_at", column_types.Instant(), nullable=True),
        sa.Column("scope", column_types.Json(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "contract_id", "unit"],
            [
                "helpdesk_retainer_book.agency_id",
                "helpdesk_retainer_book.contract_id",
                "helpdesk_retainer_book.unit",
            ],
            name=op.f("fk_helpdesk_retainer_lot_agency_id_contract_id_unit"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "contract_id", "unit", "number", name=op.f("pk_helpdesk_retainer_lot")
        ),
    )
    with op.batch_alter_table("helpdesk_retainer_lot", schema=None) as batch_op:
        batch_op.create_index(
            "ix_helpdesk_retainer_lot_balance",
            ["agency_id", "contract_id", "unit", "expires_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_helpdesk_retainer_lot_open",
            ["agency_id", "contract_id", "unit"],
            unique=False,
            sqlite_where=sa.text("remaining > 0"),
            postgresql_where=sa.text("remaining > 0"),
        )

    op.create_table(
        "helpdesk_timer",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("agent_id", column_types.Id(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=False),
        sa.Column("started_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "agent_id"],
            ["helpdesk_agent.agency_id", "helpdesk_agent.id"],
            name=op.f("fk_helpdesk_timer_agency_id_agent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_timer_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "agent_id", name=op.f("pk_helpdesk_timer")),
    )
    op.create_table(
        "helpdesk_work_entry",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("ticket_id", column_types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("agent_id", column_types.Id(), nullable=True),
        sa.Column("contact_id", column_types.Id(), nullable=True),
        sa.Column("started_at", column_types.Instant(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("written_at", column_types.Instant(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("charged_to", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "ticket_id"],
            ["helpdesk_ticket.agency_id", "helpdesk_ticket.id"],
            name=op.f("fk_helpdesk_work_entry_agency_id_ticket_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agency_id", "ticket_id", "number", name=op.f("pk_helpdesk_work_entry")
        ),
    )

    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def downgrade() -> None:
    op.drop_table("helpdesk_work_entry")
    op.drop_table("helpdesk_timer")
    with op.batch_alter_table("helpdesk_retainer_lot", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_helpdesk_retainer_lot_open",
            sqlite_where=sa.text("remaining > 0"),
            postgresql_where=sa.text("remaining > 0"),
        )
        batch_op.drop_index("ix_helpdesk_retainer_lot_balance")

    op.drop_table("helpdesk_retainer_lot")
    with op.batch_alter_table("helpdesk_retainer_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_retainer_hold_source")

    op.drop_table("helpdesk_retainer_hold")
    with op.batch_alter_table("helpdesk_retainer_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_helpdesk_retainer_entry_source")
        batch_op.drop_index(
            "ix_helpdesk_retainer_entry_reverses",
            sqlite_where=sa.text("reverses IS NOT NULL"),
            postgresql_where=sa.text("reverses IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_helpdesk_retainer_entry_over",
            sqlite_where=sa.text("lot IS NULL"),
            postgresql_where=sa.text("lot IS NULL"),
        )

    op.drop_table("helpdesk_retainer_entry")
    op.drop_table("helpdesk_retainer_book")

    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION helpdesk_refuse_change()")
        op.execute("DROP FUNCTION helpdesk_refuse_closed_period()")


# What a fact says is never edited, not even by hand; and nothing is posted in a closed period, for
# its report was sent. On SQLite a table that is altered by copying it loses its triggers: a later
# migration that does so makes them again.


def _guard_on_sqlite() -> None:
    for table in _FACTS:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
            )
    op.execute(
        "CREATE TRIGGER helpdesk_retainer_entry_open BEFORE INSERT ON helpdesk_retainer_entry"
        " WHEN NEW.period_start < (SELECT open_from FROM helpdesk_retainer_book"
        " WHERE agency_id = NEW.agency_id AND contract_id = NEW.contract_id AND unit = NEW.unit)"
        " BEGIN SELECT RAISE(ABORT, 'the period of this entry is closed'); END"
    )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION helpdesk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME"
        " USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME; END $$"
    )
    for table in _FACTS:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION helpdesk_refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_refuse_change()"
        )
    op.execute(
        "CREATE FUNCTION helpdesk_refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF NEW.period_start < (SELECT open_from FROM helpdesk_retainer_book"
        " WHERE agency_id = NEW.agency_id AND contract_id = NEW.contract_id AND unit = NEW.unit)"
        " THEN RAISE EXCEPTION 'the period of this entry is closed'"
        " USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER helpdesk_retainer_entry_open BEFORE INSERT ON helpdesk_retainer_entry"
        " FOR EACH ROW EXECUTE FUNCTION helpdesk_refuse_closed_period()"
    )
