"""What documents do to the credits on them: approved ones are issued, then used up."""

from zoneinfo import ZoneInfo

from helpdesk.domain.access import Viewer
from helpdesk.domain.compensation import CreditLine
from helpdesk.domain.compensation_life import CreditDeed, CreditState, CreditStep
from helpdesk.domain.compensation_text import credit_line
from helpdesk.domain.contract_life import CompensationNature
from helpdesk.domain.credit_note import CreditNote, CreditNoteState
from helpdesk.domain.ids import ContractId
from helpdesk.domain.month import Months
from helpdesk.usecases.credit_note_ports import KeptCreditNote
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

_STEPS = {
    CreditNoteState.APPLIED: CreditStep.APPLY,
    CreditNoteState.REFUNDED: CreditStep.REFUND,
}


async def approved_lines(
    records: Records, contract_id: ContractId, months: Months, zone: ZoneInfo
) -> tuple[CreditLine, ...]:
    """Return what documents can take of a contract's months: its approved credits, in order."""
    found = [
        credit
        for month in months
        for credit in await records.credits.credits_of_month(contract_id, month)
        if credit.state is CreditState.APPROVED
    ]
    return tuple(credit_line(credit, zone) for credit in found)


def of_nature(lines: tuple[CreditLine, ...], nature: CompensationNature) -> tuple[CreditLine, ...]:
    """Return the lines of one nature: a price reduction and a penalty share no document."""
    return tuple(line for line in lines if line.nature is nature)


async def mark_issued(desk: Desk, records: Records, viewer: Viewer, note: CreditNote) -> None:
    """Note on each credit which document says it; one that was issued meanwhile is refused."""
    deed = CreditDeed(desk.now(), viewer.actor, document=note.number)
    await _step(records, note, CreditStep.ISSUE, deed)


async def used_up(desk: Desk, records: Records, viewer: Viewer, kept: KeptCreditNote) -> None:
    """Note on the credits of a document that nothing is left of it; nothing while something is."""
    step = _STEPS.get(kept.state)
    if step is not None:
        deed = CreditDeed(desk.now(), viewer.actor, document=kept.note.number)
        await _step(records, kept.note, step, deed)


async def _step(records: Records, note: CreditNote, step: CreditStep, deed: CreditDeed) -> None:
    for line in note.lines:
        if line.credit_id is not None:
            credit = await records.credits.credit(line.credit_id)
            assert credit is not None  # noqa: S101 - none is ever removed
            await records.credits.save_step(credit.stepped(step, deed))
