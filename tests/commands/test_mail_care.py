"""`helpdesk mail status` and `rotate-key`: lines that people read, exit codes that programs do."""

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.bootstrap import desk_on, utc_now
from helpdesk.cli import main
from helpdesk.domain.inbound_email import ReceivedMail, Transport
from helpdesk.domain.inbox import MailboxPosition
from helpdesk.storage.database import Database
from helpdesk.usecases.read_mailbox import MailboxShelf
from helpdesk.usecases.store_inbound_mail import store_inbound_mail
from tests.commands.running import Capture, on
from tests.usecases.mails import ZOES_MAILBOX, a_mail
from tests.usecases.world import MAILBOX


def looked(path: Path, position: MailboxPosition) -> None:
    """A mailbox elsewhere was looked at."""

    async def remember(database: Database) -> None:
        await MailboxShelf(desk_on(database), MAILBOX).remember(position)

    on(path, remember)


def test_an_installation_to_which_nothing_came_is_well(agencies: Path, capsys: Capture) -> None:
    assert main(["mail", "status"]) == 0

    told = capsys.readouterr().out
    assert f"Agency of Alice <{MAILBOX}>: OK\n  outgoing: 0 waiting, 0 given up\n" in told
    assert ZOES_MAILBOX in told


def test_every_way_in_has_a_line(agencies: Path, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "mail.eml"
    file.write_bytes(bytes(a_mail()))
    main(["mail", "deliver", str(file), "--mailbox", MAILBOX])
    looked(agencies, MailboxPosition("box", 1, 1, utc_now() - timedelta(minutes=3)))
    capsys.readouterr()

    assert main(["mail", "status", "--agency", MAILBOX]) == 0

    told = capsys.readouterr().out
    assert f"  pipe {MAILBOX}: OK, the last message came " in told
    assert "  imap box: OK, read 3 min ago, 0 waiting, 0 in quarantine\n" in told
    assert "  outgoing: 1 waiting, the oldest for " in told
    assert ZOES_MAILBOX not in told


@pytest.mark.parametrize(
    ("position", "line"),
    [
        (
            MailboxPosition("box", 1, 1, None, "login refused"),
            "imap box: FAILING, never read, 0 waiting, 0 in quarantine; fails for ",
        ),
        (
            MailboxPosition("box", 1, 1, utc_now() - timedelta(hours=3)),
            "imap box: LATE, read 3 h ago, 0 waiting, 0 in quarantine\n",
        ),
        (
            MailboxPosition("box", 1, 1, utc_now() - timedelta(days=10, hours=1)),
            "imap box: LATE, read 10 d ago",
        ),
    ],
)
def test_a_mailbox_that_is_not_well_is_an_error(
    agencies: Path, capsys: Capture, position: MailboxPosition, line: str
) -> None:
    looked(agencies, position)

    assert main(["mail", "status"]) == 1

    assert line in capsys.readouterr().out


def test_a_message_that_nobody_reads_is_told_with_its_age(agencies: Path, capsys: Capture) -> None:
    received = ReceivedMail(
        transport=Transport.LMTP,
        envelope_from="bruno@bruno.example",
        recipients=(MAILBOX,),
        raw=bytes(a_mail()),
        received_at=utc_now() - timedelta(hours=2, minutes=1),
    )

    async def store(database: Database) -> None:
        await store_inbound_mail(desk_on(database), received)

    on(agencies, store)

    assert main(["mail", "status"]) == 1

    assert "1 waiting, the oldest for 2 h, 0 in quarantine" in capsys.readouterr().out


def test_keys_are_rotated_and_retired(agencies: Path, capsys: Capture) -> None:
    words = ["mail", "rotate-key", "--agency", MAILBOX]

    assert (main(words), main(words), main([*words, "--retire", "1"])) == (0, 0, 0)

    assert capsys.readouterr().out.splitlines() == [
        f"{MAILBOX}: key 1 signs; believed: 1",
        f"{MAILBOX}: key 2 signs; believed: 2, 1",
        f"{MAILBOX}: key 2 signs; believed: 2; retired: 1",
    ]


def test_the_key_in_use_is_not_retired(agencies: Path, capsys: Capture) -> None:
    words = ["mail", "rotate-key", "--agency", MAILBOX]
    main(words)

    assert main([*words, "--retire", "1"]) == 1

    assert "Key 1 is the one in use" in capsys.readouterr().err
