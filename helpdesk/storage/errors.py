"""What can go wrong between the engine and its database, in words that name no driver."""

from helpdesk.usecases.ports import StoreBusy


class StorageError(Exception):
    """The database could not do what was asked."""


class NaiveDatetimeRefused(StorageError):
    """An instant came without a time zone: it would mean something else on another machine."""


class QueryRefused(StorageError):
    """A statement cannot be used as it is written; this is a bug of its author."""


class AgencyNotConstrained(QueryRefused):
    """A statement could read or change the rows of another agency."""


class AgencyMissing(StorageError):
    """A query over the rows of one agency was run without saying which."""


class ParametersMismatched(StorageError):
    """The parameters given are not the ones that the statement names."""


class ConstraintViolation(StorageError):
    """A row would break a rule of the schema.

    `columns` is what both databases tell of a unique key, in its order. `constraint` is the name
    where the database gives one: SQLite does so only for an index on an expression.
    """

    def __init__(
        self,
        rule: str,
        *,
        table: str | None = None,
        columns: tuple[str, ...] = (),
        constraint: str | None = None,
    ) -> None:
        # The message carries no value of the row: it may end up in a log.
        super().__init__(f"{rule}: {table or '?'} ({', '.join(columns) or constraint or '?'})")
        self.table = table
        self.columns = columns
        self.constraint = constraint


class UniqueViolation(ConstraintViolation):
    """Another row already has this key."""


class ForeignKeyViolation(ConstraintViolation):
    """A row points at nothing, or something still points at it."""


class Retryable(StorageError, StoreBusy):
    """Nothing was changed, and the same transaction may succeed if it is run again."""


class DatabaseBusy(Retryable):
    """Another process held the write lock for longer than we wait."""


class TransactionConflict(Retryable):
    """Two transactions wanted the same rows in a different order, and this one lost."""


class DatabaseUnavailable(Retryable):
    """The database could not be reached, or it closed the connection."""


class TransactionAborted(StorageError):
    """A statement of this transaction failed, so nothing of it can be kept.

    PostgreSQL refuses every further statement and turns the commit into a silent rollback;
    the same is enforced on SQLite, and the rollback is never silent.
    """


class TransactionClosed(StorageError):
    """A connection was used after its `writing()` block ended."""


class ReadOnlyRefused(StorageError):
    """A write was tried through `reading()`."""


class QueryTooSlow(StorageError):
    """A query ran into the time limit of the database."""
