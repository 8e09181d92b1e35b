"""The conditions that lists are filtered by."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, String, and_, bindparam, exists, func, literal, not_, or_

from helpdesk.domain.classification_life import ClassificationStanding
from helpdesk.storage.column_types import ContainedText
from helpdesk.storage.query import in_list
from helpdesk.storage.reads.noun_table import Filter, Predicate
from helpdesk.storage.tables.classification import CLASSIFICATION
from helpdesk.usecases.read_models import FilterValue


def any_of(column: Column[Any]) -> Filter:  # Any: a column is typed at run time
    """Return the filter by a list of values."""
    return Filter(lambda name, _: in_list(column, name))


def equal_to(column: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter by one value."""
    return Filter(lambda name, _: column == bindparam(name, type_=column.type))


def same_address(column: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter by a mail address, whatever its case."""
    return Filter(lambda name, _: func.lower(column) == func.lower(bindparam(name, type_=String())))


def containing(column: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter by a part of a text, whatever the case of its Latin letters."""
    return Filter(
        lambda name, _: func.lower(column).like(bindparam(name, type_=ContainedText()), escape="!")
    )


def kept_as(column: Column[Any], kept: Callable[[Iterable[str]], Sequence[str]]) -> Filter:
    """Return the filter by what `kept` finds the values of the column for. Any: likewise."""

    def condition(_: str, wanted: FilterValue) -> Predicate:
        return column.in_(kept(wanted if isinstance(wanted, tuple) else (str(wanted),)))

    return Filter(condition, by_value=True)


def at_or_after(column: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter by a lower bound, included."""
    return Filter(lambda name, _: column >= bindparam(name, type_=column.type))


def before(column: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter by an upper bound, excluded."""
    return Filter(lambda name, _: column < bindparam(name, type_=column.type))


def present(column: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter by whether there is a value."""
    return Filter(
        lambda _, wanted: column.is_not(None) if wanted else column.is_(None), by_value=True
    )


def true(column: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter by a truth value."""
    return Filter(lambda _, wanted: column.is_(bool(wanted)), by_value=True)


def reached(column: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter by whether an instant has come at the instant of the question."""
    now = bindparam("at", type_=column.type)
    come = and_(column.is_not(None), column <= now)
    not_come = or_(column.is_(None), not_(column <= now))

    def condition(_: str, wanted: object) -> Predicate:
        return come if wanted else not_come

    return Filter(condition, by_value=True, needs_now=True)


def classified_as(ticket_id: Column[Any], agency_id: Column[Any]) -> Filter:  # Any: likewise
    """Return the filter of tickets by where their classification stands; nobody's is one too."""
    latest = and_(
        CLASSIFICATION.c.agency_id == agency_id,
        CLASSIFICATION.c.ticket_id == ticket_id,
        CLASSIFICATION.c.is_latest,
    )

    def condition(name: str, _: object) -> Predicate:
        unclassified = literal(ClassificationStanding.UNCLASSIFIED.value)
        return or_(
            exists().where(latest, in_list(CLASSIFICATION.c.state, name)),
            and_(in_list(unclassified, name), not_(exists().where(latest))),
        )

    return Filter(condition)
