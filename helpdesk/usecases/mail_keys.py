"""The keys that an agency signs the tokens of its mails with."""

from collections.abc import Sequence

from helpdesk.domain.inbound_email import InboundEmail
from helpdesk.domain.mail_token import (
    MailKey,
    ThreadToken,
    key_number,
    own_marks,
    verified,
)
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.ports import Records

FIRST_KEY = 1


async def signing_key(desk: Desk, records: Records) -> MailKey:
    """Return the key that mails are signed with now; the first mail makes it."""
    keys = await records.mail.mail_keys()
    if not keys:
        first = MailKey(records.agency_id, FIRST_KEY, desk.new_secret())
        await records.mail.add_mail_key(first, at=desk.now())
        # another transaction may have been quicker
        keys = await records.mail.mail_keys()
    return keys[0]


async def tokens_made_here(records: Records, texts: tuple[str, ...]) -> tuple[ThreadToken, ...]:
    """Return those of the texts that are tokens which the agency signed, in their order.

    What a key signed that was retired since may be anybody's, and is none.
    """
    if not texts:
        return ()
    keys = await records.mail.mail_keys()
    return _signed([key for key in keys if key.retired_at is None], texts)


async def is_our_own(records: Records, email: InboundEmail) -> bool:
    """Return whether the mail is one that the agency itself sent, by any key that it ever had."""
    marks = own_marks(email)
    return bool(marks) and _signed(await records.mail.mail_keys(), marks) != ()


def _signed(keys: Sequence[MailKey], texts: tuple[str, ...]) -> tuple[ThreadToken, ...]:
    by_number = {key.number: key for key in keys}
    known = ((text, by_number.get(key_number(text))) for text in texts)
    read = (verified(text, key) for text, key in known if key is not None)
    return tuple(token for token in read if token is not None)
