"""Quotes: what work would cost, what the client answered, and what became of it."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.quote import AfterRefusal, ConversionKind, QuoteStatus
from helpdesk.graphql.client import Client
from helpdesk.graphql.contract import Contract
from helpdesk.graphql.fields import attribute, condition, described_enum
from helpdesk.graphql.node import Node
from helpdesk.usecases.read_models import Noun

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket

described_enum(
    QuoteStatus,
    "QuoteStatus",
    "Where a quote stands.",
    {
        QuoteStatus.DRAFT: "It is being written; the client does not see it.",
        QuoteStatus.SENT: "The client may answer it while it holds.",
        QuoteStatus.ACCEPTED: "The client accepted it; the work may begin.",
        QuoteStatus.REFUSED: "The client refused it.",
        QuoteStatus.EXPIRED: "Nobody answered it in time.",
        QuoteStatus.SUPERSEDED: "A later version replaced it.",
        QuoteStatus.CANCELLED: "The agency withdrew it.",
        QuoteStatus.CONVERTED: "It became work; `work` says which.",
    },
)
described_enum(
    AfterRefusal,
    "AfterQuoteRefusal",
    "What becomes of the request when its quote is refused.",
    {
        AfterRefusal.CLOSE: "It is given up.",
        AfterRefusal.RETURN_TO_CLIENT: "It waits for the client.",
    },
)
described_enum(
    ConversionKind,
    "QuoteWorkKind",
    "What an accepted quote becomes.",
    {
        ConversionKind.PROJECT_TICKET: "A ticket of its own, under no contract.",
        ConversionKind.RUN_HOLD: "Bought hours that are held for the request.",
        ConversionKind.INVOICE_LINE: "Lines of an invoice.",
    },
)


@strawberry.enum(description="What a client answered to a quote.")
class QuoteAnswerKind(Enum):
    """What a client answered to a quote."""

    ACCEPTED = strawberry.enum_value("ACCEPTED", description="He agreed to what he read.")
    REFUSED = strawberry.enum_value("REFUSED", description="He said no, and why.")


@strawberry.type(description="A line of a quote: what, how many, at which price.")
class QuoteLine:
    """A line of a quote."""

    description: str = attribute("What it is.")
    quantity: int = attribute("How many.")
    unit_cents: int = attribute(
        "The price of one before VAT, in cents of the quote's currency; negative for a discount."
    )
    vat_rate: int = attribute("The VAT rate in basis points: 20 % is 2000.", name="vatBasisPoints")


@strawberry.type(description="What the client answered to a quote, as evidence.")
class QuoteAnswer:
    """What the client answered to a quote."""

    kind: QuoteAnswerKind = attribute("Whether he accepted or refused it.")
    name: str = attribute("Who answered, by the name of that day.")
    at: datetime = attribute("When.")
    document_hash: str | None = attribute(
        "The hash of the document that was accepted; absent for a refusal."
    )
    reason: str | None = attribute("Why it was refused; absent for an acceptance.")
    then: AfterRefusal | None = attribute(
        "What was to become of the request; absent for an acceptance."
    )


@strawberry.type(description="What an accepted quote became.")
class QuoteWork:
    """What an accepted quote became."""

    kind: ConversionKind = attribute("What it is.")
    at: datetime = attribute("When it was made.")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = attribute(
        "The ticket of the project; absent for anything else."
    )


@strawberry.type(description="A quote (“devis”) in one version.")
class Quote(Node):
    """A quote in one version."""

    number: str = attribute("The number for people; every version of a quote has the same.")
    version: int = attribute("The version, from 1.")
    title: str = attribute("What it is about, in a line.")
    status: QuoteStatus = attribute("Where it stands.")
    can_be_answered: bool = attribute("Whether it is sent, unanswered, and holds still.")
    currency: str = attribute("The currency of its amounts, such as `EUR`.")
    lines: list[QuoteLine] = attribute("What is offered.", points=5)
    net_cents: int = attribute("What it comes to before VAT, in cents.")
    vat_cents: int = attribute("The VAT, on the sum of each rate, in cents.")
    gross_cents: int = attribute("What is paid, VAT included, in cents.")
    validity_days: int = attribute("For how many days it holds once it is sent.")
    client: Client = attribute("To whom it is offered.")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = attribute(
        "The request that it is about, which waits for the answer; absent when there is none."
    )
    contract: Contract | None = attribute(
        "The contract of that request; absent when there is none."
    )
    created_at: datetime = attribute("When the version was drafted.")
    sent_at: datetime | None = attribute("When it was sent; absent while it is a draft.")
    expires_at: datetime | None = attribute(
        "The midnight after its last local day, from which on it holds no more; absent for a draft."
    )
    ended_at: datetime | None = attribute(
        "When it expired, was replaced or withdrawn; absent otherwise."
    )
    document_hash: str = attribute(
        "The SHA-256 of what it says: give it with the acceptance, which binds this document."
    )
    answer: QuoteAnswer | None = attribute("What the client answered; absent while he has not.")
    work: QuoteWork | None = attribute("What it became; absent while it became nothing.")


@strawberry.input(description="Conditions on quotes that all hold.")
class QuoteFilter:
    """Conditions on quotes that all hold."""

    client_id: list[strawberry.ID] | None = condition(
        "To whom it is offered: any of these clients.", "client_ids", ids_of=Noun.CLIENT
    )
    status: list[QuoteStatus] | None = condition(
        "Where the quote stands: any of these.", "statuses"
    )
