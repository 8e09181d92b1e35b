"""What comes of itself in forfaits that run out: those who should know are told, once."""

from collections.abc import Iterable

from helpdesk.domain.agency import Agency, Agent, Contact, notice_readers
from helpdesk.domain.contract import Contract
from helpdesk.domain.ids import AgencyId, ContractId
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.due_alerts import EXPIRY_WINDOW, DueAlert, due_alerts, is_for_the_client
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.ports import Records
from helpdesk.usecases.retainer_letters import RetainerNews


async def tell_retainer_alerts(desk: Desk, agency_id: AgencyId) -> None:
    """Promise the mails of the alerts that are due in the contracts in force, each of them once.

    The managers of the agency are told of every one. The client is told that an allowance is used
    up and that a pack is about to expire, unless the contract says otherwise. Safe to repeat: when
    nothing is new it reads and writes nothing. Each contract is a transaction of its own. Source:
    R-LED 8.
    """
    for contract_id, news in (await _news(desk, agency_id)).items():
        async with desk.store.transaction(agency_id) as records:
            await _tell(desk, records, contract_id, news)


async def _news(desk: Desk, agency_id: AgencyId) -> dict[ContractId, list[DueAlert]]:
    """Return the alerts that nobody was told of yet, by contract."""
    at = desk.now()
    async with desk.store.reading(agency_id) as records:
        in_force = await records.contracts.contracts_in_force()
        balances = await records.retainer.balances(in_force, at=at)
        packs = await records.retainer.expiring_packs(after=at, until=at + EXPIRY_WINDOW)
        due = tuple(due_alerts(balances, packs, at=at))
        managers = await records.agencies.managers() if due else ()
        asked = (_key(key, one) for alert in due for key in alert.said_by for one in managers)
        told = await records.mail.promised(asked) if due else frozenset[str]()
    news: dict[ContractId, list[DueAlert]] = {}
    for alert in due:
        said = (_key(key, one) for key in alert.said_by for one in managers)
        if told.isdisjoint(said):
            news.setdefault(alert.contract_id, []).append(alert)
    return news


async def _tell(
    desk: Desk, records: Records, contract_id: ContractId, news: Iterable[DueAlert]
) -> None:
    [contract] = await records.contracts.contracts([contract_id])
    client = await records.clients.client(contract.client_id)
    agency = await records.agencies.agency()
    for due in news:
        told = RetainerNews(due, contract.reference, "" if client is None else client.name)
        for reader in await _readers(records, contract, due):
            await _promise(desk, records, told, agency, reader)


async def _readers(
    records: Records, contract: Contract, due: DueAlert
) -> tuple[Agent | Contact, ...]:
    managers = await records.agencies.managers()
    if not (is_for_the_client(due.alert) and tells_client(contract)):
        return managers
    return (*managers, *notice_readers(await records.clients.contacts_of(contract.client_id)))


async def _promise(
    desk: Desk, records: Records, news: RetainerNews, agency: Agency, reader: Agent | Contact
) -> None:
    letter = desk.retainer_letters.retainer_alert(news, agency=agency, reader=reader)
    await promise_letter(
        desk,
        records,
        None,
        Envelope(agency, reader, letter),
        key=_key(news.due.key, reader),
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
    )


def tells_client(contract: Contract) -> bool:
    """Return whether the client hears of it: a contract without commercial clauses says nothing."""
    commercial = contract.counting_terms()[-1].commercial
    return commercial is not None and commercial.tells_client


def _key(alert: str, reader: Agent | Contact) -> str:
    return f"{alert}:{reader.id}"
