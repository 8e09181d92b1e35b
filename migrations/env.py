"""Runs the migrations on the connection that `helpdesk.storage.schema_upgrade` opened."""

from alembic import context

from helpdesk.storage.schema_upgrade import migration_options

context.configure(connection=context.config.attributes["connection"], **migration_options())
with context.begin_transaction():
    context.run_migrations()
