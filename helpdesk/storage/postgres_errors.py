"""What PostgreSQL's errors mean to the engine."""

import re
from typing import TypeAlias

import asyncpg

from helpdesk.storage.errors import (
    ConstraintViolation,
    DatabaseUnavailable,
    ForeignKeyViolation,
    QueryTooSlow,
    ReadOnlyRefused,
    StorageError,
    TransactionAborted,
    TransactionConflict,
    UniqueViolation,
)

DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
DriverError: TypeAlias = asyncpg.PostgresError | asyncpg.InterfaceError | OSError

# "Key (agency_id, number)=(…) already exists.": the words depend on the server's language.
_KEY = re.compile(r"\((?P<columns>.+?)\)=\(")

_CONFLICTS = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
)
_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    OSError,
)
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], type[StorageError]], ...] = (
    (_CONFLICTS, TransactionConflict),
    (_UNAVAILABLE, DatabaseUnavailable),
    ((asyncpg.QueryCanceledError,), QueryTooSlow),
    ((asyncpg.ReadOnlySQLTransactionError,), ReadOnlyRefused),
    ((asyncpg.InFailedSQLTransactionError,), TransactionAborted),
)


def translated(error: DriverError) -> StorageError:
    """Return the storage error that says what happened."""
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return _violation(error)
    for causes, meaning in _MEANINGS:
        if isinstance(error, causes):
            return meaning(str(error))
    return StorageError(str(error))


def _violation(error: asyncpg.IntegrityConstraintViolationError) -> ConstraintViolation:
    kind, rule = ConstraintViolation, "refused"
    if isinstance(error, asyncpg.UniqueViolationError):
        kind, rule = UniqueViolation, "already exists"
    elif isinstance(error, asyncpg.ForeignKeyViolationError):
        kind, rule = ForeignKeyViolation, "a foreign key does not match"
    found = _KEY.search(error.detail or "")
    columns = tuple(found["columns"].split(", ")) if found else ()
    if not columns and error.column_name:
        columns = (error.column_name,)
    return kind(rule, table=error.table_name, columns=columns, constraint=error.constraint_name)
