"""Who vouches for the author of a mail: our mail server, else what is found out here."""

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.inbox import InboundMail
from helpdesk.domain.mail_peer import is_our_server
from helpdesk.domain.mail_trust import AuthOutcome, AuthVerdict, verdict_on
from helpdesk.usecases.desk import Desk

OWN_CHECK = "helpdesk"
"""The name under which the engine notes what it found out itself; no field of a mail bears it."""


async def verdict_of(
    desk: Desk, mail: InboundMail, email: InboundEmail, raw: bytes
) -> AuthVerdict | None:
    """Return what is known of the author, None where nobody can say anything.

    A field of our server's is believed when our server handed the mail over, whatever a stranger
    who reaches the listener himself writes there. What it leaves open is found out here, where the
    operator asked for that (`desk.author_check`).
    """
    habits = desk.mail_habits
    sender = "" if email.from_ is None or email.has_doubtful_sender else email.from_.email
    is_ours = is_our_server(mail.peer, habits.relays)
    verdict = verdict_on(
        email.authentication if is_ours else (), sender=sender, authserv_id=habits.authserv_id
    )
    is_open = verdict is None or verdict.outcome is AuthOutcome.NONE
    if desk.author_check is None or not is_open:
        return verdict
    findings = await desk.author_check(raw, sender) if sender else ()
    return verdict_on(findings, sender=sender, authserv_id=OWN_CHECK)
