"""Strangers who reach the listener themselves are not taken for our mail server."""

from dataclasses import dataclass, replace

import pytest

from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import InboundMail
from helpdesk.domain.mail_trust import AuthFinding, AuthMethod
from helpdesk.domain.outgoing_mail import AutoSubmitted
from helpdesk.mail.handover import Handover, received_line
from helpdesk.usecases.desk import AuthorCheck, MailHabits
from helpdesk.usecases.letters import Envelope, promise_letter
from helpdesk.usecases.mail_verdict import OWN_CHECK
from helpdesk.usecases.receive_email import receive_email
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from tests.factories import AGENCY_ID
from tests.usecases.mails import Door, a_mail
from tests.usecases.trusted import SERVER
from tests.usecases.world import MAILBOX, World

CLAIM = f"Authentication-Results: {SERVER}; dmarc=pass header.from=bruno.example\r\n".encode()


@dataclass
class OpenDoor(Door):
    """A listener that strangers reach, in front of a server that notes who wrote a mail."""

    async def handed(
        self, raw: bytes, *, peer: str | None, transport: Transport = Transport.SMTP
    ) -> InboundMail:
        """Have a mail understood that the machine at `peer` handed over."""
        handed = Handover(transport, peer, "mx.example")
        received = ReceivedMail(
            transport=transport,
            envelope_from="bruno@bruno.example",
            recipients=(MAILBOX,),
            raw=received_line(handed, raw, at=self.world.now()) + raw,
            received_at=self.world.now(),
            peer=peer if transport is Transport.SMTP else None,
        )
        (stored,) = await store_inbound_mail(self.world.desk, received)
        return await receive_email(self.world.desk, AGENCY_ID, stored.mail.id)


@pytest.fixture
def door(both_worlds: World) -> OpenDoor:
    habits = MailHabits(authserv_id=SERVER, relays=("10.0.0.0/24",))
    both_worlds.desk = replace(both_worlds.desk, mail_habits=habits)
    return OpenDoor(both_worlds)


@pytest.mark.parametrize(
    ("peer", "outcome"),
    [
        ("127.0.0.1", "PASS"),
        ("10.0.0.7", "PASS"),
        ("192.0.2.1", "NONE"),
        ("10.0.1.7", "NONE"),
        ("2001:db8::1", "NONE"),
    ],
)
async def test_a_claim_is_believed_when_our_server_hands_it_over(
    door: OpenDoor, peer: str, outcome: str
) -> None:
    mail = await door.handed(CLAIM + bytes(a_mail()), peer=peer)

    assert (mail.auth_outcome, mail.peer) == (outcome, peer)


async def test_by_lmtp_it_is_our_server_wherever_it_stands(door: OpenDoor) -> None:
    mail = await door.handed(CLAIM + bytes(a_mail()), peer="192.0.2.1", transport=Transport.LMTP)

    assert (mail.auth_outcome, mail.peer) == ("PASS", None)


def a_check(result: str, asked: list[str]) -> AuthorCheck:
    """Return a check of our own that finds this, and writes down of whom it was asked."""

    async def check(_: bytes, sender: str) -> tuple[AuthFinding, ...]:
        asked.append(sender)
        domain = sender.rpartition("@")[2]
        return (AuthFinding(OWN_CHECK, AuthMethod.DKIM, result, domain, is_above_entrance=True),)

    return check


@pytest.mark.parametrize(("result", "outcome"), [("pass", "PASS"), ("fail", "NONE")])
async def test_what_our_server_leaves_open_is_found_out_here(
    door: OpenDoor, result: str, outcome: str
) -> None:
    asked: list[str] = []
    door.world.desk = replace(door.world.desk, author_check=a_check(result, asked))

    mail = await door.handed(bytes(a_mail()), peer="192.0.2.1")

    assert asked == ["bruno@bruno.example"]
    assert (mail.auth_outcome, mail.auth_server) == (outcome, "helpdesk")


async def test_what_our_server_says_is_not_asked_again(door: OpenDoor) -> None:
    asked: list[str] = []
    door.world.desk = replace(door.world.desk, author_check=a_check("pass", asked))

    mail = await door.handed(CLAIM + bytes(a_mail()), peer="127.0.0.1")

    assert asked == []
    assert mail.auth_server == SERVER


async def test_nobody_vouches_for_a_mail_with_two_authors(door: OpenDoor) -> None:
    asked: list[str] = []
    door.world.desk = replace(door.world.desk, author_check=a_check("pass", asked))
    two = a_mail(sender="Bruno <bruno@bruno.example>, Eve <eve@evil.example>")

    mail = await door.handed(bytes(two), peer="192.0.2.1")

    assert (asked, mail.auth_outcome) == ([], "NONE")


async def test_a_field_of_a_mail_in_the_name_of_our_check_says_nothing(door: OpenDoor) -> None:
    claim = b"Authentication-Results: helpdesk; dkim=pass header.d=bruno.example\r\n"
    door.world.desk = replace(door.world.desk, author_check=a_check("fail", []))

    mail = await door.handed(claim + bytes(a_mail()), peer="127.0.0.1")

    assert mail.auth_outcome == "NONE"


@pytest.mark.parametrize("is_checked", [True, False])
async def test_an_agent_is_told_to_answer_where_somebody_says_who_wrote(
    door: OpenDoor,
    is_checked: bool,  # noqa: FBT001 - a column of the table
) -> None:
    check = a_check("pass", []) if is_checked else None
    door.world.desk = replace(door.world.desk, mail_habits=MailHabits(), author_check=check)
    ticket = await door.open()
    desk = door.world.desk
    async with desk.store.transaction(AGENCY_ID) as records:
        (manager,) = await records.agencies.managers()
        letter = desk.alerts.loop(ticket, agency=await records.agencies.agency(), agent=manager)
        envelope = Envelope(await records.agencies.agency(), manager, letter)
        await promise_letter(
            desk, records, ticket, envelope, key="k", auto_submitted=AutoSubmitted.AUTO_GENERATED
        )

    told = (await door.world.outbox())[-1].mail.text

    assert ("Répondre à ce mail, c'est répondre au client" in told) is is_checked


async def test_without_a_server_of_ours_the_check_alone_speaks(door: OpenDoor) -> None:
    door.world.desk = replace(
        door.world.desk, mail_habits=MailHabits(), author_check=a_check("pass", [])
    )

    mail = await door.handed(bytes(a_mail()), peer="192.0.2.1")

    assert (mail.auth_outcome, mail.auth_server) == ("PASS", "helpdesk")
