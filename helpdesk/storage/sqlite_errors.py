"""What SQLite's errors mean to the engine."""

import re
import sqlite3

from helpdesk.storage.errors import (
    ConstraintViolation,
    DatabaseBusy,
    DatabaseUnavailable,
    ForeignKeyViolation,
    QueryTooSlow,
    ReadOnlyRefused,
    StorageError,
    UniqueViolation,
)

_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_FAILED = re.compile(r"constraint failed: (?:index '(?P<index>[^']+)'|(?P<names>.+))")
_PRIMARY_CODE = 0xFF


def is_worth_a_thread(error: sqlite3.Error) -> bool:
    """Return whether a query failed only because the event loop could not wait for it."""
    return _primary_code(error) in {sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY}


def translated(error: sqlite3.Error) -> StorageError:
    """Return the storage error that says what happened."""
    code = _primary_code(error)
    if code == sqlite3.SQLITE_CONSTRAINT:
        return _violation(error)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return DatabaseBusy("another process is writing to the database; try again")
    if code == sqlite3.SQLITE_INTERRUPT:
        return QueryTooSlow("the query ran into its time limit")
    if code == sqlite3.SQLITE_READONLY:
        return ReadOnlyRefused("a write was tried through reading()")
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}:
        return DatabaseUnavailable(str(error))
    return StorageError(str(error))


def _violation(error: sqlite3.Error) -> ConstraintViolation:
    if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        # SQLite does not say which one.
        return ForeignKeyViolation("a foreign key does not match")
    found = _FAILED.search(str(error))
    index = found["index"] if found else None
    names = (found["names"] or "").split(", ") if found else []
    table, _, _ = names[0].rpartition(".") if names else ("", "", "")
    columns = tuple(name.rpartition(".")[2] for name in names if name)
    if error.sqlite_errorcode in _UNIQUE:
        return UniqueViolation(
            "already exists", table=table or None, columns=columns, constraint=index
        )
    return ConstraintViolation("refused", table=table or None, columns=columns, constraint=index)


def _primary_code(error: sqlite3.Error) -> int:
    # Errors of the module itself, such as a value of an unknown type, have no code.
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & _PRIMARY_CODE
