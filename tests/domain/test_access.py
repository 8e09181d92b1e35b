"""Who may do what, and what does not exist for whom."""

import pytest

from helpdesk.domain.access import (
    CLIENT_SCOPES,
    SYSTEM,
    Actor,
    ActorKind,
    AgencyOnly,
    Scope,
    ScopeMissing,
    system_viewer,
)
from helpdesk.domain.errors import ErrorCode, Locale
from tests.factories import (
    AGENCY_ID,
    ALICE,
    BRUNO,
    BRUNOS_CLIENT,
    CHLOES_CLIENT,
    a_viewer,
    bruno_as_viewer,
)


@pytest.mark.parametrize("kind", ActorKind)
def test_only_an_agent_is_a_person_of_the_agency(kind: ActorKind) -> None:
    assert Actor(kind, "somebody").is_human_agent is (kind is ActorKind.AGENT)


@pytest.mark.parametrize("scope", Scope)
def test_the_agency_may_do_what_its_token_says(scope: Scope) -> None:
    empty = a_viewer(scopes=frozenset())

    a_viewer().require(scope)
    a_viewer().require_agency(scope)
    for require in (empty.require, empty.require_agency):
        with pytest.raises(ScopeMissing) as refusal:
            require(scope)
        assert refusal.value.code is ErrorCode.FORBIDDEN
        assert refusal.value.values == {"scope": scope}


@pytest.mark.parametrize("scope", Scope)
def test_a_clients_principal_is_capped_whatever_its_token_says(scope: Scope) -> None:
    assert bruno_as_viewer().may(scope) is (scope in CLIENT_SCOPES)
    with pytest.raises(AgencyOnly):
        bruno_as_viewer().require_agency(scope)


def test_a_client_reads_and_writes_tickets_and_no_more_than_reads_the_rest() -> None:
    assert {scope.value for scope in CLIENT_SCOPES} == {
        "clients:read",
        "contracts:read",
        "tickets:read",
        "tickets:write",
    }


def test_other_clients_do_not_exist_for_a_client() -> None:
    assert a_viewer().is_of_agency is True
    assert a_viewer().sees_client(CHLOES_CLIENT) is True
    assert bruno_as_viewer().is_of_agency is False
    assert bruno_as_viewer().sees_client(BRUNOS_CLIENT) is True
    assert bruno_as_viewer().sees_client(CHLOES_CLIENT) is False


def test_the_history_names_who_acts() -> None:
    assert a_viewer().actor == ALICE
    assert bruno_as_viewer().actor == BRUNO


def test_the_engine_acts_for_one_agency_with_every_scope() -> None:
    engine = system_viewer(AGENCY_ID, Locale.EN)

    assert engine.actor == SYSTEM
    assert engine.agency_id == AGENCY_ID
    assert engine.is_of_agency is True
    assert all(engine.may(scope) for scope in Scope)
    assert engine.actor.is_human_agent is False
