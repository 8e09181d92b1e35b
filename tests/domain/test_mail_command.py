"""What the first lines of an agent's mail order."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.agency import Agent, AgentRole, Team
from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import AgentId, TeamId
from helpdesk.domain.mail_command import (
    COMMAND_WORDS,
    Assignee,
    AssigneeUnclear,
    MailVerb,
    PriorityUnknown,
    assignee_wanted,
    is_mere_signature,
    mail_orders,
    possible_commands,
    priority_wanted,
    wait_wanted,
)
from helpdesk.domain.plain_words import plain
from helpdesk.domain.priority import Priority
from helpdesk.domain.waiting import WaitingOn
from tests.factories import AGENCY_ID

ALICE = Agent(
    AgentId("alice"), AGENCY_ID, "Alice Durand", "alice@a.example", AgentRole.AGENT, Locale.FR
)
CHLOE = Agent(
    AgentId("chloe"), AGENCY_ID, "Chloé  Martin", "cm@a.example", AgentRole.AGENT, Locale.FR
)
OTHER = Agent(AgentId("other"), AGENCY_ID, "Zoé Martin", "zm@a.example", AgentRole.AGENT, Locale.FR)
CARE = Team(TeamId("care"), AGENCY_ID, "Équipe TMA")
AGENTS, TEAMS = (ALICE, CHLOE, OTHER), (CARE,)


def _verbs(text: str) -> list[str]:
    return [command.verb.value for command in mail_orders(text).commands]


@pytest.mark.parametrize("verb", MailVerb)
def test_every_word_orders_with_and_without_accents_and_capitals(verb: MailVerb) -> None:
    for word in COMMAND_WORDS[verb]:
        for written in (word, word.upper(), plain(word), unicodedata.normalize("NFD", word)):
            assert _verbs(f"/{written} x") == [verb.value]
            assert _verbs(f"#{written} x") == [verb.value]


def test_no_word_orders_two_things() -> None:
    words = [plain(word) for words in COMMAND_WORDS.values() for word in dict.fromkeys(words)]

    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    "text",
    [
        "/var/log is full",
        "#12 is repaired",
        "# Title",
        "#urgent",
        "Hello,\n/resolve",
        "1/resolve",
        "> /resolve",
        "",
    ],
)
def test_what_only_looks_like_an_order_is_text(text: str) -> None:
    orders = mail_orders(text)

    assert (orders.are_given, orders.words) == (False, text)


def test_an_unknown_order_is_refused_and_never_text() -> None:
    orders = mail_orders("/resovle\n\nIt works.")

    assert [refusal.message(Locale.EN) for refusal in orders.refusals] == [
        "`/resovle`: there is no such command."
    ]
    assert (orders.commands, orders.words) == ((), "It works.")


def test_orders_end_at_the_first_line_that_is_none() -> None:
    orders = mail_orders("\n /assign me \n\n/resolve\nIt works.\n/close\n")

    assert [command.verb.value for command in orders.commands] == ["ASSIGN", "RESOLVE"]
    assert orders.words == "It works.\n/close"
    assert [command.line for command in orders.of(MailVerb.RESOLVE)] == ["/resolve"]


def test_blanks_of_every_kind_part_an_order_from_what_follows() -> None:
    (order,) = mail_orders("/attribuer\u00a0:\u00a0 Chloé\u00a0Martin").commands

    assert (order.argument, order.line) == ("Chloé Martin", "/attribuer : Chloé Martin")


def test_words_behind_note_begin_the_note() -> None:
    assert mail_orders("/note he calls back\nTomorrow.").words == "he calls back\nTomorrow."
    assert mail_orders("/note\nTomorrow.").words == "Tomorrow."


def test_what_one_asks_twice_needs_more_or_less_is_refused() -> None:
    orders = mail_orders("/assign\n/resolve all\n/note\n/note\n/cancel")

    assert [refusal.code.value for refusal in orders.refusals] == [
        "REQUIRED",
        "BAD_INPUT",
        "BAD_INPUT",
        "REQUIRED",
    ]


def test_the_examples_are_orders() -> None:
    for locale in Locale:
        for example in possible_commands(locale).split(", "):
            line = example.partition(" (")[0].replace("…", "x")
            if line.startswith("/"):
                assert mail_orders(line).refusals == (), line


@pytest.mark.parametrize(
    ("words", "is_signature"),
    [
        ("", True),
        ("Bien à vous,\nAlice", True),
        ("Alice Durand\nAtelier Lumen", True),
        ("Merci", False),
        ("C'est réparé.\nAlice", False),
        ("Alice Durand\n06 12 34 56 78", False),
    ],
)
def test_what_only_closes_and_signs_tells_a_client_nothing(
    words: str, *, is_signature: bool
) -> None:
    assert is_mere_signature(words, names=["Alice Durand", "Atelier Lumen"]) is is_signature


@pytest.mark.parametrize(
    ("argument", "priority", "reason"),
    [
        ("P1", Priority.P1, ""),
        ("p0 : la boutique est hors ligne", Priority.P0, "la boutique est hors ligne"),
        ("P1, because nothing sells", Priority.P1, "nothing sells"),
        ("P3 parce qu'il part en congé", Priority.P3, "il part en congé"),
        ("P2 carrousel cassé", Priority.P2, "carrousel cassé"),
    ],
)
def test_a_priority_is_named_with_its_reason(
    argument: str, priority: Priority, reason: str
) -> None:
    assert priority_wanted(argument) == (priority, reason)


@pytest.mark.parametrize("argument", ["P4", "urgent", "P11 x", "high P1"])
def test_there_is_no_fifth_priority(argument: str) -> None:
    with pytest.raises(PriorityUnknown):
        priority_wanted(argument)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("client : vos accès", (WaitingOn.CLIENT, "vos accès")),
        ("hébergeur - le serveur", (WaitingOn.THIRD_PARTY, "le serveur")),
        ("third party: the host", (WaitingOn.THIRD_PARTY, "the host")),
        ("the new logo", (WaitingOn.CLIENT, "the new logo")),
        ("client", (WaitingOn.CLIENT, "")),
        ("3 fichiers", (WaitingOn.CLIENT, "3 fichiers")),
    ],
)
def test_a_wait_says_for_whom_and_why(argument: str, expected: tuple[WaitingOn, str]) -> None:
    assert wait_wanted(argument) == expected


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("moi", Assignee(agent_id=ALICE.id)),
        ("Me.", Assignee(agent_id=ALICE.id)),
        ("personne", Assignee()),
        ("chloe", Assignee(agent_id=CHLOE.id)),
        ("@Chloé", Assignee(agent_id=CHLOE.id)),
        ("CHLOÉ MARTIN", Assignee(agent_id=CHLOE.id)),
        ("cm@a.example", Assignee(agent_id=CHLOE.id)),
        ("cm", Assignee(agent_id=CHLOE.id)),
        ("equipe tma", Assignee(team_id=CARE.id)),
        ("TMA", Assignee(team_id=CARE.id)),
    ],
)
def test_a_name_means_one_person_or_team(argument: str, expected: Assignee) -> None:
    assert assignee_wanted(argument, me=ALICE.id, agents=AGENTS, teams=TEAMS) == expected


@pytest.mark.parametrize("argument", ["Martin", "Zorro", "!", "chl", "a.example"])
def test_a_name_that_means_nobody_or_several_is_refused(argument: str) -> None:
    with pytest.raises(AssigneeUnclear) as refusal:
        assignee_wanted(argument, me=ALICE.id, agents=AGENTS, teams=TEAMS)

    assert "Alice Durand" in str(refusal.value)


def test_a_whole_name_counts_before_a_part_of_another() -> None:
    team = Team(TeamId("alice-team"), AGENCY_ID, "Alice")

    assert assignee_wanted("alice durand", me=CHLOE.id, agents=AGENTS, teams=(team,)) == Assignee(
        agent_id=ALICE.id
    )


_LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40)


@given(st.lists(_LINES, max_size=6))
def test_a_text_that_begins_with_a_word_is_text_to_the_last_letter(lines: list[str]) -> None:
    text = "\n".join(["Hello", *lines])

    orders = mail_orders(text)

    assert (orders.are_given, orders.words) == (False, text.strip())


@given(st.lists(st.sampled_from(MailVerb), unique=True, max_size=5), _LINES)
def test_orders_are_cut_out_and_nothing_else_is(verbs: list[MailVerb], words: str) -> None:
    orders = [f"/{COMMAND_WORDS[verb][0]}" for verb in verbs]
    text = "\n".join([*orders, "", f"Hello {words}"])

    found = mail_orders(text)

    assert [command.verb for command in found.commands] == verbs
    assert found.words.split() == f"Hello {words}".split()


@given(st.text(max_size=200))
def test_whatever_is_written_is_read_without_an_exception(text: str) -> None:
    orders = mail_orders(f"/{text}")

    for argument in (text, *(command.argument for command in orders.commands)):
        wait_wanted(argument)
        with suppress(PriorityUnknown):
            priority_wanted(argument)
        with suppress(AssigneeUnclear):
            assignee_wanted(argument, me=ALICE.id, agents=AGENTS, teams=TEAMS)
