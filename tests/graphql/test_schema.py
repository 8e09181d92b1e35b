"""The schema as people and their tools read it."""

import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_non_null_type,
    is_object_type,
    validate_schema,
)

import helpdesk
from helpdesk.domain.access import Scope
from helpdesk.domain.errors import ErrorCode
from helpdesk.domain.sla import SlaMetric, SlaState
from helpdesk.domain.ticket import TicketStatus, TicketStep
from helpdesk.graphql.schema import export_schema
from tests.graphql.world import SCHEMA

FILE = Path(helpdesk.__file__).parent.parent / "schema.graphql"
OURS = {name: kind for name, kind in SCHEMA.type_map.items() if not name.startswith("__")}
STANDARD = {"String", "Int", "Float", "Boolean", "ID"}


def test_the_file_is_what_the_code_says() -> None:
    assert FILE.read_text("utf-8") == export_schema()


def test_the_file_is_a_schema() -> None:
    read: GraphQLSchema = build_schema(export_schema())

    assert validate_schema(read) == []


@pytest.mark.parametrize("name", sorted(set(OURS) - STANDARD))
def test_everything_is_described(name: str) -> None:
    kind = OURS[name]

    assert kind.description
    if is_enum_type(kind):
        assert all(value.description for value in kind.values.values())
    if is_object_type(kind) or is_interface_type(kind) or is_input_object_type(kind):
        for field_name, field in kind.fields.items():
            assert field.description, field_name
            for argument_name, argument in getattr(field, "args", {}).items():
                assert argument.description, (field_name, argument_name)


def test_names_follow_the_conventions() -> None:
    for name, kind in OURS.items():
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)
        if is_enum_type(kind):
            assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", value) for value in kind.values)
        if is_object_type(kind) or is_input_object_type(kind):
            assert all(re.fullmatch(r"[a-z][A-Za-z0-9]*", field) for field in kind.fields)


def test_every_mutation_takes_one_input_and_gives_a_payload_with_errors() -> None:
    assert SCHEMA.mutation_type is not None
    for name, field in SCHEMA.mutation_type.fields.items():
        pascal = name[0].upper() + name[1:]
        payload = get_named_type(field.type)
        assert list(field.args) == ["input"]
        assert str(field.args["input"].type) == f"{pascal}Input!"
        assert str(field.type) == f"{pascal}Payload!"
        assert is_object_type(payload)
        assert str(payload.fields["errors"].type) == "[UserError!]!"
        assert str(payload.fields["clientMutationId"].type) == "String"
        given = get_named_type(field.args["input"].type)
        assert is_input_object_type(given)
        assert str(given.fields["clientMutationId"].type) == "String"


def test_every_connection_has_the_shape_that_relay_knows() -> None:
    connections = [kind for name, kind in OURS.items() if name.endswith("Connection")]

    assert len(connections) > 9
    for kind in connections:
        assert is_object_type(kind)
        node = kind.name.removesuffix("Connection")
        assert {name: str(field.type) for name, field in kind.fields.items()} == {
            "edges": f"[{node}Edge!]!",
            "nodes": f"[{node}!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
        }


def test_every_list_that_may_be_long_is_a_connection_with_the_four_arguments() -> None:
    for kind in OURS.values():
        for field in kind.fields.values() if is_object_type(kind) else ():
            if get_named_type(field.type).name.endswith("Connection"):
                assert {"first", "after", "last", "before"} <= set(field.args)
                assert not any(is_non_null_type(field.args[name].type) for name in field.args)


def test_the_closed_sets_of_the_domain_are_whole() -> None:
    sets = {
        "UserErrorCode": ErrorCode,
        "TicketStatus": TicketStatus,
        "SlaMetric": SlaMetric,
        "SlaState": SlaState,
        "TokenScope": Scope,
    }
    for name, members in sets.items():
        kind = OURS[name]
        assert is_enum_type(kind)
        assert list(kind.values) == [member.name for member in members]


def test_the_steps_that_a_refusal_names_are_mutations() -> None:
    assert SCHEMA.mutation_type is not None
    assert {step.value for step in TicketStep} <= set(SCHEMA.mutation_type.fields)


def test_nothing_is_promised_that_no_code_backs() -> None:
    assert "Subscription" not in OURS
    assert "Balance" not in OURS


def test_every_mutation_is_done_in_a_test() -> None:
    assert SCHEMA.mutation_type is not None
    # Where strangers are kept out, nothing is done.
    tests = [one for one in Path(__file__).parent.glob("test_*.py") if "visibility" not in one.name]
    text = "".join(one.read_text("utf-8") for one in tests)
    undone = [
        name
        for name in SCHEMA.mutation_type.fields
        if f'"{name}"' not in text and f"{name}(input:" not in text
    ]
    assert undone == []
