"""Messages: what was said on a ticket, by whom, with which files."""

import re
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from helpdesk.domain.access import ActorKind
from helpdesk.domain.mail_trust import SenderDoubt
from helpdesk.graphql.agency import Agent
from helpdesk.graphql.contact import Contact
from helpdesk.graphql.fields import attribute, computed, described_enum
from helpdesk.graphql.global_ids import global_id
from helpdesk.graphql.node import Node
from helpdesk.graphql.scalars import Url
from helpdesk.graphql.ticket_enums import Channel
from helpdesk.usecases.message_files import PLACED
from helpdesk.usecases.read_models import Noun

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket

described_enum(
    ActorKind,
    "ActorKind",
    "Who does something.",
    {
        ActorKind.AGENT: "A person of the agency.",
        ActorKind.CONTACT: "A person of the client.",
        ActorKind.SERVICE_ACCOUNT: "A program with a token.",
        ActorKind.SYSTEM: "The engine itself.",
    },
)


_PLACED = re.compile(rf'src="{PLACED}([^"&<>]{{1,100}})"')


def _download_url(attachment: Any, request: Any) -> str:  # Any: a thing, and who asked for it
    return f"{request.public_url}/attachments/{global_id(Noun.ATTACHMENT, attachment.id)}"


def _html(message: Any, request: Any) -> str | None:  # Any: as above
    """Return the page with the pictures of the mail at their addresses."""
    html: str | None = message.html
    if html is None:
        return None

    def led(found: re.Match[str]) -> str:
        address = f"{request.public_url}/attachments/{global_id(Noun.ATTACHMENT, found[1])}"
        return f'src="{escape(address)}"'

    return _PLACED.sub(led, html)


def _blocked_images(message: Any, _: Any) -> int:  # Any: as above
    return (message.html or "").count(" data-blocked-src=")


def _is_unverified(message: Any, _: Any) -> bool:  # Any: as above
    return message.doubt is not None


def _doubt(message: Any, _: Any) -> SenderDoubt | None:  # Any: as above
    return None if message.doubt is None else SenderDoubt(message.doubt)


described_enum(
    SenderDoubt,
    "SenderDoubt",
    "Why a message may not be its author's.",
    {
        SenderDoubt.AUTHENTICATION_FAILED: "The mail server found the address forged.",
        SenderDoubt.NOT_AUTHENTICATED: "Nothing proves the address: neither the mail server nor "
        "a mail of ours that was answered.",
        SenderDoubt.DIFFERENT_ADDRESS: "It answers a mail of ours that went to another address.",
        SenderDoubt.REJECTED: "A person of the agency said that somebody else wrote it.",
    },
)


@strawberry.type(description="Who wrote or did something, as the history keeps it.")
class Actor:
    """Who wrote or did something."""

    kind: ActorKind = attribute("What he is.")
    name: str = attribute("His name on that day.")
    agent: Agent | None = attribute(
        "The person of the agency; absent for anybody else, and for a client unless the person "
        "takes care of one of its requests."
    )
    contact: Contact | None = attribute("The person of the client; absent for anybody else.")


@strawberry.type(description="A file that came with a message.")
class Attachment(Node):
    """A file that came with a message."""

    filename: str = attribute("The name of the file.")
    content_type: str = attribute("What the sender said that the file is.")
    size: int = attribute("How many bytes the file has.")
    sha256: str = attribute("The SHA-256 of the bytes, in hexadecimal.")
    is_inline: bool = attribute("Whether the file is a picture shown within the text.")
    content_id: str | None = attribute(
        "The name by which the HTML of the mail shows it, if it does."
    )
    download_url: Url = computed(
        "Where the bytes are, for those who may read the ticket; send the same token.",
        _download_url,
        needs=("id",),
    )
    message: Annotated["Message", strawberry.lazy("helpdesk.graphql.message")] = attribute(
        "The message that it came with."
    )


@strawberry.type(description="A public message on a ticket, or an internal note of the agency.")
class Message(Node):
    """A public message on a ticket, or an internal note."""

    body: str = attribute("What its author wrote, without the quotes.")
    whole_text: str | None = attribute(
        "The whole text of a mail; absent when nothing was cut from it."
    )
    html: str | None = computed(
        "The HTML of a mail, made safe; absent when it had none. Its own pictures are at "
        "`downloadUrl` of their files; those from elsewhere wait in `data-blocked-src`.",
        _html,
        needs=("html",),
    )
    blocked_image_count: int = computed(
        "How many pictures from elsewhere its HTML does not fetch, so that their owners do not "
        "learn that it was read.",
        _blocked_images,
        needs=("html",),
    )
    author: Actor = attribute("Who wrote it.")
    sent_at: datetime = attribute("When it was written.")
    written_at: datetime | None = attribute(
        "When its author wrote it, as a mail that an agent handed on tells; absent otherwise."
    )
    channel: Channel = attribute("By which door it came in.")
    is_internal: bool = attribute("Whether it is a note of the agency, which no client ever sees.")
    is_automatic: bool = attribute("Whether a program wrote it; that is no answer.")
    is_unverified: bool = computed(
        "Whether it is not sure that its author wrote it. The agency alone sees such a message, "
        "and it moved nothing, unless it opened its ticket.",
        _is_unverified,
        needs=("doubt",),
    )
    unverified_reason: SenderDoubt | None = computed(
        "Why that is not sure; absent when it is.", _doubt, needs=("doubt",)
    )
    attachments: list[Attachment] = attribute("The files that came with it.", points=3)
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] = attribute(
        "The ticket that it is about."
    )
