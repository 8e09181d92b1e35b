"""The keys that an agency signs the tokens of its mails with."""

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.mail_token import (
    MailKey,
    ThreadToken,
    key_number,
    own_marks,
    signed_token,
    verified,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

FIRST_KEY = 1


async def token_for(desk: Desk, records: Records, *, ticket_number: int, reader: str) -> str:
    """Return the token of a mail to `reader` about a ticket; the first one makes the key."""
    keys = await records.mail.mail_keys()
    if not keys:
        first = MailKey(records.agency_id, FIRST_KEY, desk.new_secret())
        await records.mail.add_mail_key(first, at=desk.now())
        # another transaction may have been quicker
        keys = await records.mail.mail_keys()
    return signed_token(keys[0], ticket_number=ticket_number, reader=reader)


async def tokens_made_here(records: Records, texts: tuple[str, ...]) -> tuple[ThreadToken, ...]:
    """Return those of the texts that are tokens which the agency signed, in their order."""
    if not texts:
        return ()
    keys = {key.number: key for key in await records.mail.mail_keys()}
    known = ((text, keys.get(key_number(text))) for text in texts)
    read = (verified(text, key) for text, key in known if key is not None)
    return tuple(token for token in read if token is not None)


async def is_our_own(records: Records, email: InboundEmail) -> bool:
    """Return whether the mail is one that the agency itself sent."""
    return await tokens_made_here(records, own_marks(email)) != ()
