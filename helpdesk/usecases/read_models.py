"""What the doors read: things loaded by selection, page by page, for one viewer.

A reader is told which attributes, which neighbours and which pages are wanted, and loads exactly
these, in one query a level. What was not asked for is not there: reading it is an AttributeError.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from helpdesk.domain.access import NotFound, Viewer
from helpdesk.usecases.compliance_reads import ComplianceReads

DEFAULT_PAGE = 20
LARGEST_PAGE = 100


class Noun(StrEnum):
    """The kinds of things that can be read; the value is the name that the API gives them."""

    AGENCY = "Agency"
    TEAM = "Team"
    AGENT = "Agent"
    TOKEN = "ApiToken"  # noqa: S105 - the name of a type
    CLIENT = "Client"
    SITE = "Site"
    CONTACT = "Contact"
    CONTRACT = "Contract"
    BATCH = "Batch"
    TICKET = "Ticket"
    MESSAGE = "Message"
    ATTACHMENT = "Attachment"
    TICKET_EVENT = "TicketEvent"
    INBOUND_MESSAGE = "InboundMessage"
    OUTGOING_MESSAGE = "OutgoingMessage"
    WEBHOOK = "Webhook"
    WEBHOOK_DELIVERY = "WebhookDelivery"
    QUOTE = "Quote"
    INTERVENTION = "Intervention"
    EXCLUSION = "Exclusion"
    REPORT = "Report"
    INCIDENT = "Incident"
    MONITORING_HOOK = "MonitoringHook"
    MONITORING_SIGNAL = "MonitoringSignal"
    CREDIT = "Credit"
    CREDIT_NOTE = "CreditNote"
    INVOICE = "ExternalInvoice"
    AUDIT = "Audit"
    AUDIT_CALL = "AuditCall"
    ROUTINE_RUN = "RoutineRun"
    CHANGELOG_ENTRY = "ChangelogEntry"
    QUOTE_WORK = "QuoteWork"
    ACTOR = "Actor"
    TICKET_LINK = "TicketLink"
    SLA_CLOCK = "SlaClock"
    RETAINER_ENTRY = "RetainerEntry"


class SortKind(StrEnum):
    """What the values of a sort column are, so that a cursor can be checked."""

    INSTANT = "instant"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class SortColumn:
    """An attribute that a list is ordered by; without a value it comes last, both ways."""

    name: str
    kind: SortKind
    is_nullable: bool = False


class OrderField(StrEnum):
    """What a list can be ordered by; the identity decides between equals."""

    NAME = "NAME"
    REFERENCE = "REFERENCE"
    OPENED_AT = "OPENED_AT"
    UPDATED_AT = "UPDATED_AT"
    PRIORITY = "PRIORITY"
    NEXT_DEADLINE_AT = "NEXT_DEADLINE_AT"
    SENT_AT = "SENT_AT"
    SEQUENCE = "SEQUENCE"
    RECEIVED_AT = "RECEIVED_AT"
    CREATED_AT = "CREATED_AT"
    BEGAN_AT = "BEGAN_AT"
    ISSUED_AT = "ISSUED_AT"
    RECORDED_AT = "RECORDED_AT"
    WRITTEN_AT = "WRITTEN_AT"


SORT_COLUMNS: Mapping[OrderField, tuple[SortColumn, ...]] = {
    OrderField.NAME: (SortColumn("name", SortKind.TEXT),),
    OrderField.REFERENCE: (SortColumn("reference", SortKind.TEXT),),
    OrderField.OPENED_AT: (SortColumn("opened_at", SortKind.INSTANT),),
    OrderField.UPDATED_AT: (SortColumn("updated_at", SortKind.INSTANT),),
    OrderField.PRIORITY: (
        SortColumn("priority", SortKind.TEXT),
        SortColumn("opened_at", SortKind.INSTANT),
    ),
    OrderField.NEXT_DEADLINE_AT: (
        SortColumn("next_deadline_at", SortKind.INSTANT, is_nullable=True),
    ),
    OrderField.SENT_AT: (SortColumn("sent_at", SortKind.INSTANT),),
    OrderField.SEQUENCE: (SortColumn("sequence", SortKind.NUMBER),),
    OrderField.RECEIVED_AT: (SortColumn("received_at", SortKind.INSTANT),),
    OrderField.CREATED_AT: (SortColumn("created_at", SortKind.INSTANT),),
    OrderField.BEGAN_AT: (SortColumn("began_at", SortKind.INSTANT),),
    OrderField.ISSUED_AT: (SortColumn("issued_at", SortKind.INSTANT),),
    OrderField.RECORDED_AT: (SortColumn("recorded_at", SortKind.INSTANT),),
    OrderField.WRITTEN_AT: (
        SortColumn("written_at", SortKind.INSTANT),
        SortColumn("number", SortKind.NUMBER),
    ),
}
"""The columns before the identity; a nullable one stands alone."""

SortValue = datetime | str | int | None
SortKey = tuple[SortValue, ...]
"""Where a thing stands in an order: the values of the sort columns, then its identity."""

FilterValue = tuple[str, ...] | str | bool | datetime


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is ordered."""

    field: OrderField
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class PageAsk:
    """Which page of a list: the first things after a key, or the last ones before it.

    `conditions` are ANDed; a tuple of values means any of them.
    """

    order: Order
    size: int = DEFAULT_PAGE
    is_backward: bool = False
    after: SortKey | None = None
    before: SortKey | None = None
    conditions: tuple[tuple[str, FilterValue], ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A way from a thing to others: the name of the relation and what was asked of it."""

    name: str
    ask: PageAsk | tuple[tuple[str, object], ...] | None = None


@dataclass(slots=True)
class Wanted:
    """What is wanted of a thing: its attributes, and what is wanted of its neighbours.

    `on` says it by kind where things of several kinds may stand. Of a page, `is_counted` asks for
    the number of things in the whole list and `has_rows` for the things.
    """

    leaves: set[str] = field(default_factory=set)
    branches: dict[Branch, "Wanted"] = field(default_factory=dict)
    on: dict[str, "Wanted"] = field(default_factory=dict)
    is_counted: bool = False
    has_rows: bool = False

    def branch(self, branch: Branch) -> "Wanted":
        """Return what is wanted along a branch, nothing yet when it is new."""
        return self.branches.setdefault(branch, Wanted())

    def along(self, name: str) -> "Wanted":
        """Return what is wanted along the branch of this name that was asked nothing."""
        return self.branches.get(Branch(name), Wanted())

    def of(self, kind: str) -> "Wanted":
        """Return what is wanted of a thing of this kind, where things of several may stand."""
        return self.on.get(kind, Wanted())


class Thing:
    """Something that was read: its attributes are what was wanted of it, and no more."""

    noun: ClassVar[Noun | None] = None

    def __init__(self, **values: object) -> None:
        """Hold these attributes."""
        self.__dict__ = values

    def __getattr__(self, name: str) -> Any:  # Any: what a thing holds depends on what was asked
        raise AttributeError(f"{name} of {type(self).__name__} was not read")

    def keep(self, branch: Branch, value: object) -> None:
        """Hold what lies along a branch; what was asked distinguishes branches of one name."""
        if branch.ask is None:
            self.__dict__[branch.name] = value
        else:
            self.__dict__.setdefault("_along", {})[branch] = value

    def along(self, branch: Branch) -> Any:  # Any: likewise
        """Return what lies along a branch that was asked something."""
        return self.__dict__["_along"][branch]


THINGS: Mapping[Noun, type[Thing]] = {
    noun: type(noun.value, (Thing,), {"noun": noun, "__doc__": Thing.__doc__}) for noun in Noun
}
"""A class for each kind, so that a thing knows what it is."""


def thing_of(kind: type[Thing], values: dict[str, Any]) -> Thing:  # Any: as above
    """Return a thing that holds these values; the mapping becomes its own."""
    thing = kind.__new__(kind)
    thing.__dict__ = values
    return thing


class Page:
    """A page of a list, in order, and what is known of what lies around it."""

    __slots__ = ("_keys", "_total", "has_next", "has_previous", "nodes", "order")

    def __init__(
        self,
        nodes: Sequence[Thing] = (),
        keys: Sequence[SortKey] = (),
        *,
        order: Order,
        has_next: bool = False,
        has_previous: bool = False,
    ) -> None:
        """Hold the things and the keys of where they stand."""
        self.nodes = nodes
        self.order = order
        self.has_next = has_next
        self.has_previous = has_previous
        self._keys = keys
        self._total: int | None = None

    def key(self, index: int) -> SortKey:
        """Return where one of the things stands."""
        return self._keys[index]

    @property
    def total(self) -> int:
        """How many things the whole list has; it is there only when it was asked for."""
        if self._total is None:
            raise AttributeError("the total was not asked for")
        return self._total

    @total.setter
    def total(self, total: int) -> None:
        self._total = total


class Reader(Protocol):
    """Reads for one viewer at one instant; what the viewer may not see is not there.

    `clocks` collects the clocks that came along, for those who explain them.
    """

    viewer: Viewer
    at: datetime
    clocks: list[Thing]

    async def page(self, noun: Noun, ask: PageAsk, wanted: Wanted) -> Page:
        """Return a page of all the things of a kind."""
        ...

    async def by_ids(self, noun: Noun, ids: Sequence[str], wanted: Wanted) -> dict[str, Thing]:
        """Return the things with these identities, by identity; strangers are left out."""
        ...

    async def ticket_id(self, number: str) -> str | None:
        """Return the identity of the ticket with this number, None when there is none."""
        ...

    async def all_calendars(self) -> list[Thing]:
        """Return every calendar of the agency as it stands now; they do not exist for a client."""
        ...


@dataclass(frozen=True, slots=True)
class File:
    """An attachment with its bytes."""

    filename: str
    content_type: str
    content: bytes
    sha256: str


class Reads(Protocol):
    """Where the doors read from."""

    @property
    def compliance(self) -> ComplianceReads:
        """Where compliance figures are read from."""
        ...

    def reader(self, viewer: Viewer, at: datetime) -> Reader:
        """Return a reader for this viewer, who asks at `at`."""
        ...

    async def file(self, viewer: Viewer, attachment_id: str) -> File | None:
        """Return an attachment that the viewer may see with its bytes; None otherwise."""
        ...

    async def ping(self) -> None:
        """Return when the database answers."""
        ...


async def one(reader: Reader, noun: Noun, thing_id: str, wanted: Wanted) -> Thing:
    """Return the thing with this identity; NotFound when it does not exist for the viewer."""
    found = await reader.by_ids(noun, [thing_id], wanted)
    if thing_id not in found:
        raise NotFound(what=noun.value, id=thing_id)
    return found[thing_id]
