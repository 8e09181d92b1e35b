"""`helpdesk token create`: a secret is shown once."""

from pathlib import Path

import pytest

from helpdesk.bootstrap import desk_on
from helpdesk.cli import main
from helpdesk.domain.access import Scope
from helpdesk.usecases.authenticate import authenticate, secret_hash
from tests.commands.running import Capture, on
from tests.demo.planting import rows_of
from tests.factories import AGENCY_ID
from tests.usecases.world import MAILBOX

TOKENS = "SELECT name, secret_hash FROM helpdesk_token"


def test_one_is_made_and_shown_once(alices: Path, capsys: Capture) -> None:
    assert main(["token", "create", "Deployment", "--scope", "tickets:read"]) == 0

    secret = capsys.readouterr().out.strip()
    assert rows_of(alices, TOKENS) == [("Deployment", secret_hash(secret))]
    viewer = on(alices, lambda database: authenticate(desk_on(database), secret))
    assert (viewer.agency_id, viewer.scopes) == (AGENCY_ID, frozenset({Scope.TICKETS_READ}))


def test_without_a_scope_it_may_do_everything(agencies: Path, capsys: Capture) -> None:
    assert main(["token", "create", "Alice", "--agency", MAILBOX]) == 0

    secret = capsys.readouterr().out.strip()
    viewer = on(agencies, lambda database: authenticate(desk_on(database), secret))
    assert (viewer.agency_id, viewer.scopes) == (AGENCY_ID, frozenset(Scope))


@pytest.mark.parametrize(
    ("options", "name"),
    [([], "(name it with --agency MAILBOX)"), (["--agency", "no@x.example"], "no@x.example")],
)
def test_an_agency_has_to_be_named_rightly(
    agencies: Path, capsys: Capture, options: list[str], name: str
) -> None:
    assert main(["token", "create", "Alice", *options]) == 1

    assert capsys.readouterr().err == f"There is no Agency {name} here.\n"
    assert rows_of(agencies, TOKENS) == []


def test_an_unknown_scope_is_a_usage_error(agencies: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as end:
        main(["token", "create", "Alice", "--scope", "everything"])

    assert end.value.code == 2
    assert "invalid choice: 'everything'" in capsys.readouterr().err
    assert rows_of(agencies, TOKENS) == []
