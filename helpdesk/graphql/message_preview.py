"""What an inbound message says, read from its bytes when somebody looks."""

from datetime import datetime

import strawberry

from helpdesk.domain.ids import InboundMailId
from helpdesk.domain.inbound_email import Address
from helpdesk.graphql.fields import attribute
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.request import Request
from helpdesk.usecases.preview_message import MessagePreview as Preview
from helpdesk.usecases.preview_message import preview_message
from helpdesk.usecases.read_models import Noun, Thing

POINTS_OF_A_PREVIEW = 20
"""A message may be large, and is parsed for it."""


@strawberry.type(description="A person that a message names, as it names him.")
class MailAddress:
    """A person that a message names."""

    name: str = attribute("The name; empty when none is given.")
    address: str = attribute("The address; anybody can write any.")


@strawberry.type(description="A file in a message, without its bytes.")
class PreviewedFile:
    """A file in a message, without its bytes."""

    filename: str = attribute("What it is called.")
    content_type: str = attribute("What it says it is.")
    size: int = attribute("How many bytes it has.")


@strawberry.type(description="What a message says, for who decides what becomes of it.")
class InboundMessagePreview:
    """What a message says."""

    is_readable: bool = attribute("Whether it can be read; nothing else is known of one that not.")
    subject: str = attribute("Its subject; empty without one.")
    author: MailAddress | None = attribute("Who says that he wrote it; absent when nobody does.")
    to: list[MailAddress] = attribute("To whom it was written, 50 at most.", points=2)
    cc: list[MailAddress] = attribute("To whom it was copied, 50 at most.", points=2)
    sent_at: datetime | None = attribute("Its date; absent without one. Anybody can write any.")
    text: str = attribute("Its words, the first 5,000 characters.")
    attachments: list[PreviewedFile] = attribute("Its files, 100 at most.", points=2)
    automatic_reasons: list[str] = attribute("By which signs a program wrote it.")
    defects: list[str] = attribute("What is wrong with it.")


async def read_preview(request: Request, given: str) -> Thing:
    """Return what a message says; raises as `preview_message`."""
    mail_id = InboundMailId(id_of(Noun.INBOUND_MESSAGE, given, path=("inboundMessageId",)))
    found = await preview_message(request.desk, viewer=request.viewer, mail_id=mail_id)
    return _thing(found)


def _thing(found: Preview) -> Thing:
    return Thing(
        is_readable=found.is_readable,
        subject=found.subject,
        author=None if found.author is None else _address(found.author),
        to=[_address(one) for one in found.to],
        cc=[_address(one) for one in found.cc],
        sent_at=found.sent_at,
        text=found.text,
        attachments=[
            Thing(filename=file.filename, content_type=file.content_type, size=file.size)
            for file in found.attachments
        ],
        automatic_reasons=list(found.automatic_reasons),
        defects=list(found.defects),
    )


def _address(address: Address) -> Thing:
    return Thing(name=address.name, address=address.email)
