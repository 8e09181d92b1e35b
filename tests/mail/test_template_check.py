"""What an agency may write for words, and what is refused with the reason."""

import pytest

from helpdesk.domain.errors import HelpdeskError, Locale
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.mail_template import (
    BODY_LIMIT,
    SUBJECT_LIMIT,
    TemplateNotUnderstood,
    TemplatePartRefused,
    TemplateSource,
    TemplateTooIntricate,
    TemplateTooLong,
    TemplateVariableMissing,
    TemplateVariableUnknown,
)
from helpdesk.domain.message import TextRequired
from helpdesk.mail.letter_press import LetterPress

PRESS = LetterPress()
NUMBER = "{{ number }}"


def check(body: str, subject: str = "Bonjour", kind: str = "ACKNOWLEDGEMENT") -> None:
    """Try the words of an agency for a letter in French."""
    PRESS.check(LetterKind(kind), Locale.FR, TemplateSource(subject, body))


def refused(error: type[HelpdeskError], body: str, kind: str = "ACKNOWLEDGEMENT") -> HelpdeskError:
    """Return why words are refused."""
    with pytest.raises(error) as refusal:
        check(body, kind=kind)
    assert refusal.type is error
    return refusal.value


@pytest.mark.parametrize(
    "body",
    [
        "Demande {{ number }}",
        "{% include 'greeting.txt' %}\n\n{{ number }}\n\n{% include 'closing.txt' %}",
        "{% if promised_at and not name %}Avant {{ promised_at }}{% endif %} {{ number }}",
        "{{ name | default('vous') | upper }} {{ number | trim }} {{ subject | length }}",
        "{{ 'oui' if promised_at else 'non' }} {{ number }}",
        "{# une remarque #}{{ number }} « {{ subject | lower | capitalize }} »",
        "{{ promised_at | boxed('Au plus tard :') }}\n{{ number }}",
    ],
)
def test_words_with_variables_conditions_and_filters_are_taken(body: str) -> None:
    check(body)


def test_a_list_is_told_line_by_line() -> None:
    check(
        "{% for one in requests %}{{ loop.index }}/{{ loop.length }} {{ one.number }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}",
        subject="Lot {{ batch }}",
        kind="BATCH_OPENED",
    )


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Un\n{% if promised_at %}", 2),
        ("Un\n\n{{ number ", 3),
        ("{% endif %}", 1),
        ("{% if subject %}\n{% include 'greeting.txt' %}\n{{ number | }}", 3),
    ],
)
def test_what_cannot_be_read_names_its_line(body: str, line: int) -> None:
    error = refused(TemplateNotUnderstood, body)

    assert (error.path, error.values["line"]) == (("body",), line)
    assert f"Line {line} of the template cannot be read" in error.message(Locale.EN)


@pytest.mark.parametrize(
    ("body", "line", "name"),
    [
        ("{{ number }}\n{{ numero }}", 2, "numero"),
        ("{{ number }}{% if gone %}{% endif %}", 1, "gone"),
        ("{{ number }} {{ _slots }}", 1, "_slots"),
        ("{{ number }}{% for one in nothing %}{% endfor %}", 1, "nothing"),
    ],
)
def test_an_unknown_variable_is_named_with_those_that_there_are(
    body: str, line: int, name: str
) -> None:
    error = refused(TemplateVariableUnknown, body)

    assert (error.values["line"], error.values["name"]) == (line, name)
    assert "mailbox, name, number, promised_at" in error.message(Locale.FR)


def test_an_unknown_field_of_a_line_is_named_with_those_that_there_are() -> None:
    body = "{% for one in requests %}{{ one.number }} {{ one.price }}{% endfor %}"

    error = refused(TemplateVariableUnknown, body, kind="BATCH_OPENED")

    assert error.values["name"] == "one.price"
    assert error.values["known"] == "one.number, one.subject"


@pytest.mark.parametrize(
    "body",
    [
        "{{ range(9) }}",
        "{{ number.__class__ }}",
        "{{ number['x'] }}",
        "{{ ''.join(number) }}",
        "{{ [number] * 1000000 }}",
        "{{ number * 1000000 }}",
        "{{ number ** 9 }}",
        "{{ number ~ number }}",
        "{{ number | replace('1', subject) }}",
        "{{ number | attr('x') }}",
        "{{ number | safe }}",
        "{{ number | turned }}",
        "{% set x = number %}{{ x }}",
        "{% with %}{{ number }}{% endwith %}",
        "{% macro m() %}{% endmacro %}{{ number }}",
        "{% filter upper %}{{ number }}{% endfilter %}",
        "{% for one in subject %}{{ one }}{% endfor %}",
        "{% for one in 'abc' %}{{ one }}{% endfor %}",
        "{% include 'why.txt' %}",
        "{% include '/etc/passwd' %}",
        "{% include subject %}",
        "{% include ['greeting.txt'] %}",
        "{% import 'greeting.txt' as g %}",
        "{% extends 'greeting.txt' %}",
        "{% block body %}{{ number }}{% endblock %}",
        "{% raw %}{{ number }}{% endraw %}",
        "{{ loop }}",
        "{{ loop.index }}",
        "{{ {'a': 1} }}",
        "{{ number is divisibleby 2 }}",
        "{{ lipsum() }}",
        "{{ cycler }}",
        "{{ self }}",
    ],
)
def test_what_is_more_than_words_is_refused(body: str) -> None:
    with pytest.raises((TemplatePartRefused, TemplateVariableUnknown)):
        check(f"{NUMBER} {body}")


@pytest.mark.parametrize(
    "loop",
    [
        "{% for a in requests %}{% for b in requests %}{{ b.number }}{% endfor %}{% endfor %}",
        "{% for a in requests recursive %}{{ a.number }}{% endfor %}",
        "{% for a in requests if a.number %}{{ a.number }}{% endfor %}",
        "{% for a in requests %}{{ a.number }}{% else %}-{% endfor %}",
        "{% for a, b in requests %}{% endfor %}",
        "{% for batch in requests %}{% endfor %}",
        "{% for a in requests %}{{ a }}{% endfor %}",
        "{% for a in requests %}{{ loop.cycle }}{% endfor %}",
        "{% for a in requests %}{{ a.number.real }}{% endfor %}",
        "{{ requests.number }}",
    ],
)
def test_only_plain_loops_over_a_list_are_taken(loop: str) -> None:
    refused(TemplatePartRefused, loop, kind="BATCH_OPENED")


@pytest.mark.parametrize(
    ("kind", "body", "name"),
    [
        ("ACKNOWLEDGEMENT", "Bonjour", "number"),
        ("ACKNOWLEDGEMENT", "{% if promised_at %}{{ number }}{% endif %}", "number"),
        ("ACKNOWLEDGEMENT", "{% if name %}{{ number }}{% endif %}", "number"),
        ("AGENT_REPLY", "Une réponse vous attend.", "body"),
        ("BATCH_OPENED", "Lot {{ batch }}", "requests"),
        ("RENEWAL_INFORMATION", "{{ reference }} {{ renewed_on }} {{ last_day }}", "mailbox"),
        (
            "ALERT_TO_AGENT",
            "{{ number }}{% if standing == 'HOLDS' %}{{ metric }}{% endif %}",
            "metric",
        ),
    ],
)
def test_what_a_letter_is_for_may_not_be_left_out(kind: str, body: str, name: str) -> None:
    error = refused(TemplateVariableMissing, body, kind=kind)

    assert error.values["name"] == name
    assert f"{{{{ {name} }}}}" in error.message(Locale.EN)


def test_a_subject_that_says_nothing_is_refused() -> None:
    for subject in ("", "   ", "{# rien #}"):
        with pytest.raises(TextRequired) as refusal:
            check(NUMBER, subject, kind="MAIL_LOOP")
        assert refusal.value.path == ("subject",)


@pytest.mark.parametrize(
    ("subject", "body", "path"),
    [
        ("x" * (SUBJECT_LIMIT + 1), NUMBER, "subject"),
        ("x", NUMBER + "x" * BODY_LIMIT, "body"),
    ],
    ids=["subject", "body"],
)
def test_what_is_too_long_is_refused(subject: str, body: str, path: str) -> None:
    with pytest.raises(TemplateTooLong) as refusal:
        check(body, subject)

    assert refusal.value.path == (path,)


@pytest.mark.parametrize(
    "body",
    [
        "{{ number }}." * 1100,
        "{{ number" + " | upper" * 21 + " }}",
        "{% if name | upper %}{% endif %}" * 21,
        "{{" + "(" * 4000 + "1" + ")" * 4000 + "}}",
        "{% if " + "not " * 1500 + "name %}{% endif %}",
        "{{ name" + " and name" * 1500 + " }}",
    ],
    ids=["outputs", "filters", "conditions", "brackets", "nots", "ands"],
)
def test_what_would_take_time_is_refused_and_takes_none(body: str) -> None:
    error = refused(TemplateTooIntricate, NUMBER + body)

    assert error.path == ("body",)


def test_what_python_cannot_nest_is_not_understood() -> None:
    deep = "{% if name %}" * 120 + "{% endif %}" * 120

    refused(TemplateNotUnderstood, NUMBER + deep)


def test_what_fails_with_some_values_is_not_understood() -> None:
    refused(TemplateNotUnderstood, NUMBER + "{% if name < 3 %}{% endif %}")


def test_a_letter_that_would_become_huge_falls_back_to_the_default() -> None:
    huge = TemplateSource("x", "{{ body }}" * 300)
    letter = PRESS.sample(LetterKind.AGENT_REPLY, Locale.FR)
    letter = type(letter)(letter.kind, {**letter.values, "body": "x" * 1_000_000})
    head = PRESS.sample_head(LetterKind.AGENT_REPLY, Locale.FR)

    mail = PRESS.write(letter, head, own=huge)

    assert mail == PRESS.write(letter, head)
    assert mail.text.count("x" * 1_000_000) == 1
