"""From nothing: the demo starts, a client writes, the agency answers, the clocks tell why."""

import smtplib
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.journeys.running_demo import RunningDemo

TICKETS = """
{
  tickets(first: 5, orderBy: {field: OPENED_AT, direction: DESC}) {
    nodes { id number subject description status priority channel
      requester { name email }
      clocks { metric state deadlineAt }
      messages(first: 10) { nodes { body isInternal attachments { filename size } } } }
  }
}
"""
CAST = """
{
  viewer { agency { mailbox } }
  tickets(first: 20) { nodes { contract { id } requester { email } } }
}
"""


def test_a_mail_in_french_becomes_a_ticket_and_its_answer_is_threaded(demo: RunningDemo) -> None:
    bruno, mailbox = _cast(demo)
    mail = _mail(bruno, mailbox, "Écran blanc à l'étape « paiement »", "Ça coûte 5 €.")
    mail.add_attachment(b"%PDF-1.4 test", maintype="application", subtype="pdf", filename="été.pdf")

    _send(demo, mail)

    ticket = _eventually(lambda: _one(demo, "Écran blanc à l'étape"))
    assert ticket["subject"] == "Écran blanc à l'étape « paiement »"
    assert ticket["description"] == "Ça coûte 5 €."
    assert (ticket["status"], ticket["channel"]) == ("NEW", "MAIL")
    assert ticket["requester"]["email"] == bruno
    [message] = ticket["messages"]["nodes"]
    assert message["attachments"] == [{"filename": "été.pdf", "size": 13}]

    acknowledgement = _eventually(lambda: _caught(demo.folder, f"[#{ticket['number']}]"))
    assert "Auto-Submitted: auto-replied" in acknowledgement

    reply = _mail(bruno, mailbox, "Re: Écran blanc", "Toujours cassé ce matin.")
    reply["In-Reply-To"] = mail["Message-ID"]
    _send(demo, reply)
    _send(demo, reply)

    answered = _eventually(lambda: _with_messages(demo, "Écran blanc à l'étape", 2))
    assert answered["id"] == ticket["id"]
    time.sleep(1.5)
    again = _one(demo, "Écran blanc à l'étape")
    assert [m["body"] for m in again["messages"]["nodes"]] == [
        "Ça coûte 5 €.",
        "Toujours cassé ce matin.",
    ]


def test_an_automatic_mail_opens_nothing_and_stays_visible(demo: RunningDemo) -> None:
    _, mailbox = _cast(demo)
    mail = _mail("robot@newsletter.example", mailbox, "Absence du bureau", "Je suis absent.")
    mail["Auto-Submitted"] = "auto-replied"

    _send(demo, mail)

    query = "{ inboundMessages(first: 5) { nodes { subject state reason } } }"
    row = _eventually(
        lambda: next(
            (
                one
                for one in demo.ask(query)["inboundMessages"]["nodes"]
                if one["subject"] == "Absence du bureau" and one["state"] == "IGNORED"
            ),
            None,
        )
    )
    assert row["reason"] == "AUTOMATIC"
    assert _one(demo, "Absence du bureau") is None


def test_the_command_line_delivers_a_file_and_explains_the_clocks(demo: RunningDemo) -> None:
    bruno, mailbox = _cast(demo)
    file = demo.folder / "mail.eml"
    file.write_bytes(bytes(_mail(bruno, mailbox, "Lien mort en pied de page", "Voir.")))

    delivered = demo.helpdesk("mail", "deliver", str(file))
    again = demo.helpdesk("mail", "deliver", str(file))

    assert (delivered.returncode, delivered.stderr) == (0, "")
    number = delivered.stdout.split()[-1]
    assert "already stored" in again.stdout
    told = demo.helpdesk("--lang", "fr", "explain", number)
    assert told.returncode == 0
    assert told.stdout.startswith(f"#{number} Lien mort en pied de page [P2, NEW]")
    assert "Prise en charge" in told.stdout


def test_a_message_that_cannot_be_read_is_to_be_tried_again(demo: RunningDemo) -> None:
    refused = demo.helpdesk("mail", "deliver", "/nowhere.eml")

    assert refused.returncode == 75
    assert "nowhere.eml" in refused.stderr


def _cast(demo: RunningDemo) -> tuple[str, str]:
    """Return the address of a client's contact under contract, and the agency's mailbox."""
    facts = demo.ask(CAST)
    tickets = [ticket for ticket in facts["tickets"]["nodes"] if ticket["contract"]]
    return tickets[0]["requester"]["email"], facts["viewer"]["agency"]["mailbox"]


def _mail(sender: str, recipient: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Bruno Été <{sender}>"
    mail["To"] = recipient
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{abs(hash((subject, text)))}@client.example>"
    mail.set_content(text)
    return mail


def _send(demo: RunningDemo, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", demo.mail_port, timeout=30) as smtp:
        smtp.send_message(mail)


def _one(demo: RunningDemo, text: str) -> Any:  # the first node, as JSON
    nodes = demo.ask(TICKETS)["tickets"]["nodes"]
    return next((node for node in nodes if node["subject"].startswith(text)), None)


def _with_messages(demo: RunningDemo, text: str, count: int) -> Any:  # likewise
    ticket = _one(demo, text)
    return ticket if ticket and len(ticket["messages"]["nodes"]) == count else None


def _caught(folder: Path, words: str) -> str | None:
    for file in (folder / "var" / "demo" / "caught-mail").glob("*.eml"):
        text = file.read_text("utf-8", "replace")
        if words in text:
            return text
    return None


def _eventually(find: Callable[[], Any]) -> Any:  # whatever is looked for
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = find()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it never came")
