"""What the upkeep of contracts keeps: turned periods, what tickets take, rates of time."""

import sqlalchemy as sa
from alembic import op
from helpdesk.storage import column_types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep_turns_of_books()
    _keep_figures_of_facts()
    _keep_who_is_told()
    _keep_what_the_agency_says()
    _keep_what_pays_for_work()
    _find_packs_and_periods()


def downgrade() -> None:
    op.drop_index("ix_helpdesk_retainer_entry_period", "helpdesk_retainer_entry")
    op.drop_index("ix_helpdesk_retainer_lot_expiring", "helpdesk_retainer_lot")
    _find_open_lots()
    op.drop_column("helpdesk_work_entry", "follows_funding")
    op.drop_table("helpdesk_automatic_rules")
    op.drop_table("helpdesk_agency_secret")
    for table, column in (
        ("helpdesk_contact", "reads_notices"),
        ("helpdesk_client", "kind"),
        ("helpdesk_contract_fact", "figures"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    op.drop_index("ix_helpdesk_retainer_book_turn", "helpdesk_retainer_book")
    op.drop_column("helpdesk_retainer_book", "turn_at")


def _keep_turns_of_books() -> None:
    op.add_column(
        "helpdesk_retainer_book", sa.Column("turn_at", column_types.Instant(), nullable=True)
    )
    # The worker looks at each of them once, and says then when to look again.
    op.execute("UPDATE helpdesk_retainer_book SET turn_at = open_from")
    op.create_index("ix_helpdesk_retainer_book_turn", "helpdesk_retainer_book", ["turn_at"])


def _keep_figures_of_facts() -> None:
    op.add_column(
        "helpdesk_contract_fact", sa.Column("figures", column_types.Json(), nullable=True)
    )


def _keep_who_is_told() -> None:
    op.add_column(
        "helpdesk_client",
        sa.Column("kind", sa.String(), server_default="PROFESSIONAL", nullable=False),
    )
    op.add_column(
        "helpdesk_contact",
        sa.Column("reads_notices", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def _keep_what_the_agency_says() -> None:
    op.create_table(
        "helpdesk_agency_secret",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_agency_secret_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "purpose", name=op.f("pk_helpdesk_agency_secret")),
    )
    op.create_table(
        "helpdesk_automatic_rules",
        sa.Column("agency_id", column_types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rules", column_types.Json(), nullable=False),
        sa.Column("set_by", column_types.Json(), nullable=False),
        sa.Column("set_at", column_types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["helpdesk_agency.agency_id"],
            name=op.f("fk_helpdesk_automatic_rules_agency_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "number", name=op.f("pk_helpdesk_automatic_rules")),
    )


def _keep_what_pays_for_work() -> None:
    # Added in place: a table that is copied loses the triggers that guard its facts.
    op.add_column(
        "helpdesk_work_entry",
        sa.Column("follows_funding", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def _find_open_lots(*columns: str) -> None:
    op.drop_index("ix_helpdesk_retainer_lot_open", "helpdesk_retainer_lot")
    op.create_index(
        "ix_helpdesk_retainer_lot_open",
        "helpdesk_retainer_lot",
        ["agency_id", "contract_id", "unit", *columns],
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    )


def _find_packs_and_periods() -> None:
    # In the order in which they are read, else SQLite takes the key and walks through empty lots.
    _find_open_lots("number")
    op.create_index(
        "ix_helpdesk_retainer_lot_expiring",
        "helpdesk_retainer_lot",
        ["agency_id", "source", "expires_at"],
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_index(
        "ix_helpdesk_retainer_entry_period",
        "helpdesk_retainer_entry",
        ["agency_id", "contract_id", "unit", "period_start", "number"],
    )
