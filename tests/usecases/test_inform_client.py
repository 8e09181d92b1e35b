"""A consumer is told before a tacit renewal, in its window, once, and the proof is kept."""

import asyncio
from datetime import date
from typing import Any

import pytest

from helpdesk.domain.access import AgencyOnly, NotFound
from helpdesk.domain.agency import Contact
from helpdesk.domain.consumer_notice import ClientKind
from helpdesk.domain.contract import Contract
from helpdesk.domain.contract_facts import ContractFact, ContractFactKind
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import ClientId, ContactId
from helpdesk.domain.message import TextRequired
from helpdesk.usecases.contract_terms_wanted import TermLength
from helpdesk.usecases.create_contact import CreateContact, create_contact
from helpdesk.usecases.give_notice import GiveNotice, give_notice
from helpdesk.usecases.update_client import UpdateClient, update_client
from tests.domain.business_calendars import paris
from tests.factories import AGENCY_ID
from tests.usecases.contracts import BRUNO, active, facts, tended
from tests.usecases.world import World

# Contract TMA-2 is renewed on 6 July 2027; notice can be given until 5 April.
FIRST_DAY, LAST_DAY = "2027-01-05 09:00", "2027-03-05 23:00"


async def updated(world: World, **changes: Any) -> None:  # Any: the fields of the request
    request = UpdateClient(BRUNO, **changes)
    await update_client(world.desk, viewer=world.alice, request=request)


async def consumer(world: World, **changes: Any) -> Contract:  # Any: likewise
    """Return a contract of Bruno, who is a consumer."""
    await updated(world, kind=ClientKind.CONSUMER)
    return await active(world, **changes)


async def beatrice(world: World) -> Contact:
    request = CreateContact(BRUNO, "Béatrice", "beatrice@bruno.example", Locale.EN)
    return await create_contact(world.desk, viewer=world.alice, request=request)


async def informed(world: World, contract: Contract) -> list[ContractFact]:
    told = await facts(world, contract.id)
    return [one for one in told if one.kind is ContractFactKind.CLIENT_INFORMED]


async def told_to(world: World) -> list[str]:
    """Return who is promised a letter about the renewal."""
    mails = [one.mail for one in await world.outbox()]
    return sorted(mail.recipient.email for mail in mails if "alice" not in mail.recipient.email)


@pytest.mark.parametrize("kind", [ClientKind.CONSUMER, ClientKind.NON_PROFESSIONAL])
async def test_a_protected_client_is_told_once_within_the_window(
    both_worlds: World, kind: ClientKind
) -> None:
    world = both_worlds
    contract = await consumer(world)
    await updated(world, kind=kind)
    counts = []
    for today in ("2027-01-04 23:59", FIRST_DAY, "2027-02-10 09:00", LAST_DAY):
        world.now.instant = paris(today)
        await asyncio.gather(tended(world), tended(world))
        counts.append(len(await informed(world, contract)))

    assert counts == [0, 1, 1, 1]
    [fact] = await informed(world, contract)
    assert (fact.day, fact.until) == (date(2027, 1, 5), date(2027, 7, 6))
    assert fact.reason == "Bruno <bruno@bruno.example>"
    assert await told_to(world) == ["bruno@bruno.example"]


async def test_the_letter_names_its_reader_and_frames_the_last_day(world: World) -> None:
    await consumer(world)
    await beatrice(world)
    world.now.instant = paris(LAST_DAY)

    await tended(world)

    letters = {one.mail.recipient.name: one.mail for one in await world.outbox()}
    french, english = letters["Bruno"], letters["Béatrice"]
    assert french.subject == (
        "Votre contrat TMA-2 sera reconduit le 6 juillet 2027, sauf refus de votre part"
    )
    assert "Bonjour Bruno," in french.text
    assert "│ Date limite pour refuser la reconduction : │\n│ 5 avril 2027" in french.text
    assert "pour 12 mois" in french.text
    assert "L. 215-1" in french.text
    assert "support@alice.example" in french.text
    assert english.subject == (
        "Your contract TMA-2 will be renewed on 6 July 2027, unless you refuse"
    )
    assert (
        "│ Last day to refuse the renewal: │\n│ 5 April 2027                    │" in english.text
    )


async def test_whom_the_agency_named_alone_is_told(both_worlds: World) -> None:
    world = both_worlds
    await consumer(world)
    named = await beatrice(world)
    await updated(world, notice_contact_ids=[named.id])
    world.now.instant = paris(FIRST_DAY)

    await tended(world)

    assert await told_to(world) == ["beatrice@bruno.example"]


async def test_the_next_term_is_told_again_and_everybody_where_nobody_is_named(
    world: World,
) -> None:
    contract = await consumer(world)
    named = await beatrice(world)
    await updated(world, notice_contact_ids=[named.id])
    await updated(world, notice_contact_ids=[])
    for today in (FIRST_DAY, "2028-01-05 09:00"):
        world.now.instant = paris(today)
        await tended(world)

    assert [one.until for one in await informed(world, contract)] == [
        date(2027, 7, 6),
        date(2028, 7, 6),
    ]
    assert await told_to(world) == sorted(["beatrice@bruno.example", "bruno@bruno.example"] * 2)


async def test_too_late_is_not_in_time(world: World) -> None:
    contract = await consumer(world)
    world.now.instant = paris("2027-03-06 00:30")

    await tended(world)

    assert await informed(world, contract) == []


@pytest.mark.parametrize("why", ["professional", "ends", "never renewed", "nobody"])
async def test_nobody_is_told_where_the_law_asks_for_nothing(
    world: World, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    length = TermLength(12) if why == "never renewed" else TermLength(12, 12)
    contract = await consumer(world, length=length)
    if why == "professional":
        await updated(world, kind=ClientKind.PROFESSIONAL)
    if why == "ends":
        await give_notice(world.desk, viewer=world.alice, request=GiveNotice(contract.id))
    if why == "nobody":
        async with world.desk.store.reading(AGENCY_ID) as records:
            clients = type(records.clients)

        async def none(*_: object) -> tuple[Contact, ...]:
            return ()

        monkeypatch.setattr(clients, "contacts_of", none)
    world.now.instant = paris(FIRST_DAY)

    await tended(world)

    assert await informed(world, contract) == []
    assert await told_to(world) == []


async def test_what_is_known_of_a_client_changes_and_the_rest_stays(both_worlds: World) -> None:
    world = both_worlds

    await updated(world, name=" Bruno SARL ", kind=ClientKind.NON_PROFESSIONAL)
    await updated(world)

    async with world.desk.store.reading(AGENCY_ID) as records:
        client = await records.clients.client(BRUNO)
    assert client is not None
    assert (client.name, client.kind) == ("Bruno SARL", ClientKind.NON_PROFESSIONAL)
    assert client.domains == {"bruno.example"}


async def test_an_impossible_change_of_a_client_is_refused(world: World) -> None:
    async with world.refused(TextRequired):
        await updated(world, name=" ")
    async with world.refused(NotFound):
        await updated(world, kind=ClientKind.CONSUMER, notice_contact_ids=[ContactId("chloe")])
    for viewer, client_id, refusal in (
        (world.alice, ClientId("nobody"), NotFound),
        (world.chloe, BRUNO, NotFound),
        (world.bruno, BRUNO, AgencyOnly),
    ):
        async with world.refused(refusal):
            request = UpdateClient(client_id, name="Mine")
            await update_client(world.desk, viewer=viewer, request=request)
