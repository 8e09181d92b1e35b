"""The letters of news: each kind in both languages, and the headers by which one leaves them."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP

import pytest

from helpdesk.domain.agency import Agency, Agent, AgentRole, Contact
from helpdesk.domain.automatic_mail import (
    AutomaticReason,
)
from helpdesk.domain.digest import DigestGroup, DigestLine
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgentId, ContactId
from helpdesk.domain.inbound_email import (
    Address,
)
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.notification import TOPICS, NotificationTopic, ReaderKind
from helpdesk.domain.notification_catalogue import CATALOGUE, NotificationKind
from helpdesk.domain.outgoing_mail import AutoSubmitted, OutgoingMail
from helpdesk.mail.letter_press import LetterPress
from helpdesk.mail.notification_mails import NotificationMails
from helpdesk.mail.outbound import written
from helpdesk.mail.parse import parse_email
from helpdesk.mail.topic_words import HAPPENED, TOPIC_NAMES
from helpdesk.usecases.letter_ports import Letter
from helpdesk.usecases.notification_letters import NewsToTell, Why
from helpdesk.usecases.wording_ports import LetterHead, WrittenLetter
from tests.factories import AGENCY_ID, BRUNOS_CLIENT, MONDAY

AGENCY = Agency(AGENCY_ID, "Agency of Alice", Locale.FR, "Europe/Paris", "support@alice.example")
LINK = "https://desk.example/mail/unsubscribe/u.abc"
LEAVING = (LINK, "mailto:support@alice.example?subject=unsubscribe%20u.abc")
ABOUT_NO_TICKET = {NotificationKind.WEBHOOK_DISABLED}


def _reader(kind: ReaderKind, locale: Locale) -> Agent | Contact:
    if kind is ReaderKind.AGENT:
        role = AgentRole.AGENT
        return Agent(AgentId("alice"), AGENCY_ID, "Alice", "alice@alice.example", role, locale)
    client = BRUNOS_CLIENT
    return Contact(ContactId("bruno"), AGENCY_ID, client, "Bruno", "bruno@bruno.example", locale)


def _press(letter: Letter, locale: Locale, *, number: int | None = 12) -> WrittenLetter:
    head = LetterHead(
        locale=locale,
        agency_name=AGENCY.name,
        mailbox=AGENCY.mailbox,
        reader_name="Bruno",
        ticket_number=number,
        ticket_subject="" if number is None else "The form is silent",
    )
    return LetterPress().write(letter, head)


def _told(kind: NotificationKind, locale: Locale, *, is_own: bool = True) -> WrittenLetter:
    topic = CATALOGUE[kind].topic
    news = NewsToTell(
        kind=kind,
        actor="Dora",
        words="Words of Dora.",
        reason="A reason of hers.",
        detail="Q-1 v1",
        goes_on_in="15",
        client="Bruno SA",
        priority="P1",
        is_own=is_own,
    )
    reader = _reader(TOPICS[topic].reader, locale)
    letter = NotificationMails().told(news, agency=AGENCY, reader=reader, why=Why((topic,), LINK))
    return _press(letter, locale, number=None if kind in ABOUT_NO_TICKET else 12)


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("kind", NotificationKind)
def test_a_mail_names_its_ticket_says_why_it_came_and_how_to_leave(
    kind: NotificationKind, locale: Locale
) -> None:
    told = _told(kind, locale)

    if kind in ABOUT_NO_TICKET:
        assert "Q-1 v1" in told.subject
    else:
        assert told.subject == "[#12] The form is silent"
        assert "12" in told.text
    assert TOPIC_NAMES[locale][CATALOGUE[kind].topic] in told.text
    assert LINK in told.text


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize(
    "kind",
    [kind for kind, one in CATALOGUE.items() if TOPICS[one.topic].reader is ReaderKind.CONTACT],
)
def test_a_colleague_is_not_told_that_it_is_his(kind: NotificationKind, locale: Locale) -> None:
    his, not_his = _told(kind, locale), _told(kind, locale, is_own=False)

    yours = {
        Locale.FR: ("votre demande «", "votre nom"),
        Locale.EN: ("your request “", "your name"),
    }
    assert any(words in his.text.lower() for words in yours[locale])
    assert not any(words in not_his.text.lower() for words in yours[locale])


def test_every_topic_and_every_happening_has_words_in_both_languages() -> None:
    for locale in Locale:
        assert set(TOPIC_NAMES[locale]) == set(NotificationTopic)
        assert set(HAPPENED[locale]) == set(NotificationKind)


def test_a_client_reads_nothing_of_the_priority_nor_of_the_note() -> None:
    clients = [kind for kind in NotificationKind if kind.value in LetterKind.__members__]
    for kind in clients:
        text = _told(kind, Locale.EN).text
        assert "P1" not in text
        assert "Bruno SA" not in text


@pytest.mark.parametrize(
    ("locale", "subject", "flood", "line"),
    [
        (
            Locale.FR,
            "Votre résumé du lundi 6 juillet",
            "3 autres nouvelles",
            "- lundi 6 juillet à 9 h 00, Dora : réponse du client",
        ),
        (
            Locale.EN,
            "Your summary of Monday 6 July",
            "3 more news",
            "- Monday 6 July at 09:00, Dora: the client answered",
        ),
    ],
)
def test_a_digest_tells_ticket_by_ticket_what_happened(
    locale: Locale, subject: str, flood: str, line: str
) -> None:
    wrote = DigestLine(MONDAY, "Dora", NotificationKind.CLIENT_WROTE)
    later = DigestLine(MONDAY + timedelta(hours=1), "Dora", NotificationKind.NOTE_WRITTEN)
    hook = DigestLine(MONDAY, "Alice", NotificationKind.WEBHOOK_DISABLED, "Chat")
    groups = [
        DigestGroup((wrote, later), "12", "The form is silent", "P1", "OPEN"),
        DigestGroup((hook,)),
    ]
    reader = _reader(ReaderKind.AGENT, locale)
    why = Why((NotificationTopic.CLIENT_NEWS, NotificationTopic.NOTES), LINK)
    mails = NotificationMails()

    letters = [
        mails.digest(groups, agency=AGENCY, reader=reader, why=why, is_flood=is_flood)
        for is_flood in (False, True)
    ]
    told, folded = (_press(letter, locale, number=None) for letter in letters)

    assert (told.subject, folded.subject) == (subject, flood)
    lines = told.text.splitlines()
    at = lines.index(line)
    assert lines[at - 1].startswith("P1 · ")
    assert lines[at + 1].startswith("- ")
    assert lines[at + 2] == ""
    assert "(Chat)" in told.text


def a_mail(**changes: object) -> OutgoingMail:
    mail = OutgoingMail(
        sender=Address("Agency of Alice", "support@alice.example"),
        recipient=Address("Bruno", "bruno@bruno.example"),
        subject="[#12] The form is silent",
        text="It is resolved.\n",
        message_id="one@alice.example",
        sent_at=MONDAY,
        auto_submitted=AutoSubmitted.AUTO_GENERATED,
        unsubscribe=LEAVING,
    )
    return replace(mail, **changes)  # type: ignore[arg-type]  # its fields


def _read(mail: OutgoingMail) -> EmailMessage:
    message = BytesParser(policy=SMTP).parsebytes(written(mail))
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_program_is_told_how_to_leave_with_one_click() -> None:
    message = _read(a_mail())

    assert " ".join(message["List-Unsubscribe"].split()) == f"<{LEAVING[0]}>, <{LEAVING[1]}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("ways", [LEAVING[1:], ("http://desk.example/x", LEAVING[1])])
def test_without_https_there_is_no_one_click(ways: tuple[str, ...]) -> None:
    message = _read(a_mail(unsubscribe=ways))

    assert message["List-Unsubscribe"] is not None
    assert message["List-Unsubscribe-Post"] is None


def test_a_mail_that_cannot_be_left_says_nothing_of_leaving() -> None:
    message = _read(a_mail(unsubscribe=()))

    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_a_long_word_stays_whole_in_the_header() -> None:
    link = f"https://desk.example/mail/unsubscribe/u.{'a' * 280}"

    raw = written(a_mail(unsubscribe=(link, LEAVING[1])))

    assert f"<{link}>".encode() in raw
    assert max(map(len, raw.splitlines())) <= 998


def test_an_address_breaks_out_of_no_header() -> None:
    raw = written(a_mail(unsubscribe=("https://x.example/>\r\nBcc: <evil@evil.example",)))

    assert b"\nBcc" not in raw
    assert b"<https://x.example/Bcc:evil@evil.example>" in raw


def test_a_mail_of_news_that_comes_back_is_known_as_automatic() -> None:
    email = parse_email(written(a_mail()))

    assert AutomaticReason.AUTO_SUBMITTED in email.automatic_reasons
