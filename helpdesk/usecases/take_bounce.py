"""A report about a mail of ours is believed only when it proves which mail it means."""

from helpdesk.domain.automatic_mail import (
    AutomaticReason,
)
from helpdesk.domain.bounce_address import (
    is_bounce_address,
    mail_of_message_id,
    mails_named_in,
)
from helpdesk.domain.ids import OutboxMailId
from helpdesk.domain.inbound_email import (
    InboundEmail,
)
from helpdesk.domain.inbox import InboundMail, InboundMailReason, InboundMailState
from helpdesk.domain.mail_trust import AuthOutcome
from helpdesk.domain.undelivered import (
    RecipientReport,
    ReportedAction,
    failure_of,
    status_in,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.mail_delivery import Delivery
from helpdesk.usecases.ports import Records
from helpdesk.usecases.record_undelivered import record_undelivered
from helpdesk.usecases.undelivered_ports import PromisedMail


async def take_bounce(desk: Desk, records: Records, delivery: Delivery) -> InboundMail | None:
    """Return what became of a report about a mail of ours, None when the mail is none.

    Anybody can write that a mail did not arrive. Who was handed that mail shows the address that
    reports about it go to, which stood on its envelope, or its Message-ID, which we signed. A
    report that shows neither marks nothing; nor does one that shows the id alone, which people
    pass on, when its author was found forged, when the mail left with an address of its own for
    reports, or with none, so that no server reports on it.
    """
    email = delivery.email
    is_report = email.is_bounce or email.reports or _is_a_mail_servers(email)
    sent = await _sent(records, delivery) if is_report else None
    if sent is None:
        return None
    ticket_id = sent.ticket_id
    reader = sent.mail.envelope_recipient
    failure = failure_of(_reports(email, reader), reader=reader)
    if failure is not None:
        ticket_id = await record_undelivered(desk, records, sent, failure)
    return delivery.outcome(InboundMailState.DONE, InboundMailReason.BOUNCE, ticket_id)


async def _sent(records: Records, delivery: Delivery) -> PromisedMail | None:
    """Return the mail of ours that the report proves to be about."""
    email = delivery.email
    recipients = (
        *delivery.mail.envelope_to,
        *email.delivered_to,
        *(address.email for address in email.to),
    )
    addresses = [one for one in recipients if is_bounce_address(one)]
    keys = await records.mail.mail_keys() if addresses else ()
    for mail_id in mails_named_in(addresses, keys):
        sent = await records.undelivered.promised(mail_id)
        if sent is not None:
            return sent
    is_forged = delivery.verdict is not None and delivery.verdict.outcome is AuthOutcome.FAIL
    for message_id in () if is_forged else email.returned_ids:
        sent = await _of_message_id(records, message_id)
        if sent is not None:
            return sent
    return None


async def _of_message_id(records: Records, message_id: str) -> PromisedMail | None:
    mail_id: OutboxMailId | None = mail_of_message_id(message_id)
    sent = None if mail_id is None else await records.undelivered.promised(mail_id)
    if sent is None or sent.mail.message_id != message_id:
        return None
    has_own_way = sent.mail.bounces_to is not None or not sent.mail.envelope_sender
    return None if has_own_way else sent


def _is_a_mail_servers(email: InboundEmail) -> bool:
    """Return whether a mail server wrote it, in whatever words."""
    return AutomaticReason.MACHINE_SENDER in email.automatic_reasons


def _reports(email: InboundEmail, reader: str) -> tuple[RecipientReport, ...]:
    """Return what the report says.

    One in free words says it of everybody that it names. One in words that nobody knows speaks of
    the reader, by the code that it names, if it does.
    """
    if email.reports:
        return email.reports
    action = ReportedAction.FAILED if email.is_bounce_permanent else ReportedAction.DELAYED
    status = status_in(email.text) or ""
    return tuple(
        RecipientReport(
            final=address,
            action=action if email.is_bounce else None,
            status=status,
            diagnostic=_cut(email.text),
        )
        for address in email.bounce_recipients or (reader,)
    )


def _cut(text: str) -> str:
    """Return the first words of a report in free words."""
    return " ".join(text.split())[:200]
