"""What every mutation has in common: one input, one payload, refusals as data."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

import strawberry
from strawberry.types import has_object_definition

from helpdesk.domain.errors import HelpdeskError
from helpdesk.graphql.fields import attribute, optional
from helpdesk.graphql.request import Info, Request
from helpdesk.graphql.user_error import UserError, user_error
from helpdesk.usecases.read_models import Branch, Noun, Thing, Wanted

IDEMPOTENCY_KEY = (
    "A name that you give to this request: the same key with the same input gets the same answer, "
    "so that you may safely ask twice."
)
EXPECTED_VERSION = (
    "The version of the ticket that you decided on; if it changed since, nothing is done."
)

NOUNS: Mapping[str, Noun] = {
    "ticket": Noun.TICKET,
    "message": Noun.MESSAGE,
    "client": Noun.CLIENT,
    "site": Noun.SITE,
    "contact": Noun.CONTACT,
    "token": Noun.TOKEN,
    "inbound_message": Noun.INBOUND_MESSAGE,
    "inbound_messages": Noun.INBOUND_MESSAGE,
    "outgoing_messages": Noun.OUTGOING_MESSAGE,
    "agency": Noun.AGENCY,
    "agent": Noun.AGENT,
    "batch": Noun.BATCH,
    "contract": Noun.CONTRACT,
    "team": Noun.TEAM,
    "webhook": Noun.WEBHOOK,
    "delivery": Noun.WEBHOOK_DELIVERY,
    "quote": Noun.QUOTE,
    "credit": Noun.CREDIT,
    "intervention": Noun.INTERVENTION,
    "exclusion": Noun.EXCLUSION,
    "invoice": Noun.INVOICE,
    "credit_note": Noun.CREDIT_NOTE,
    "report": Noun.REPORT,
    "incident": Noun.INCIDENT,
    "audit": Noun.AUDIT,
    "hook": Noun.MONITORING_HOOK,
    "signal": Noun.MONITORING_SIGNAL,
}
"""What payloads give back: the identity in the outcome is read again as the viewer sees it."""

Outcome = Mapping[str, str | Thing | Sequence[Thing] | frozenset[str]]
"""What a mutation brought about: identities of things, a set of them where it is about several,
things that have none, and texts shown once."""


@strawberry.input
class MutationInput:
    """What the input of every mutation may carry."""

    client_mutation_id: str | None = optional("A text of yours that the payload gives back.")


def payload(name: str, description: str, **things: tuple[Any, str]) -> Any:
    """Declare a payload: what it gives, each thing with its type and its description."""
    # Any: types of the API, and a new one.
    declared = {key: attribute(f"{text} Absent when refused.") for key, (_, text) in things.items()}
    annotations = {key: kind | None for key, (kind, _) in things.items()}
    return strawberry.type(
        type(
            name,
            (),
            {
                "__annotations__": {
                    **annotations,
                    "errors": list[UserError],
                    "client_mutation_id": str | None,
                },
                "__doc__": description,
                **declared,
                "errors": attribute("Why it was refused; empty when it was done."),
                "client_mutation_id": attribute("The text of yours that the input carried."),
            },
        ),
        description=description,
    )


def mutation(
    description: str, act: Callable[[Request, Any], Awaitable[Outcome]], *, given: Any, gives: Any
) -> Any:  # Any: an input, a payload, a field
    """Declare a mutation: its input, its payload, and the act that does it."""

    async def resolve(info: Info, given: Any) -> Any:
        return await _mutated(info, given, act)

    says = strawberry.argument(name="input", description="What to do.")
    resolve.__annotations__ = {"info": Info, "given": Annotated[given, says], "return": gives}
    return strawberry.mutation(resolver=resolve, description=description)


async def _mutated(
    info: Info, given: Any, act: Callable[[Request, Any], Awaitable[Outcome]]
) -> Thing:  # Any: an input
    request = info.context
    _leave_out(given)
    shown = Thing(errors=[], client_mutation_id=given.client_mutation_id)
    shown.__dict__.update(
        dict.fromkeys(
            (
                *NOUNS,
                "secret",
                "calendar",
                "moves",
                "correction",
                "change",
                "preferences",
                "template",
                "sender_rule",
                "keys",
                "look",
            )
        )
    )
    try:
        wanted = request.wanted(info.path)
        outcome = await act(request, given)
    except HelpdeskError as error:
        shown.errors.append(user_error(error, request.viewer.locale))
        return shown
    request.at = request.desk.now()
    await _show(request, shown, outcome, wanted)
    return shown


def _leave_out(given: object) -> None:
    """Put None where a field of the input, or of one inside it, was left out."""
    for name, value in vars(given).items():
        if value is strawberry.UNSET:
            setattr(given, name, None)
        elif has_object_definition(type(value)):
            _leave_out(value)
        elif isinstance(value, list):
            for one in value:
                if has_object_definition(type(one)):
                    _leave_out(one)


async def _show(request: Request, shown: Thing, outcome: Outcome, wanted: Wanted) -> None:
    reader = request.reader()
    for name, value in outcome.items():
        if name not in NOUNS or not isinstance(value, str | frozenset):
            shown.keep(Branch(name), value)
        elif Branch(name) in wanted.branches:
            ids = sorted(value) if isinstance(value, frozenset) else [value]
            found = await reader.by_ids(NOUNS[name], ids, wanted.along(name))
            each = [found[one] for one in ids if one in found]
            shown.keep(Branch(name), each if isinstance(value, frozenset) else found.get(value))
    await request.explain(reader, wanted)
