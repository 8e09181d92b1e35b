"""Mail programs announce quotes and themselves in many languages; none of it is an answer."""

import pytest

from helpdesk.mail.reply_cutting import reply_of
from helpdesk.mail.reply_device import is_device_line
from helpdesk.mail.reply_marks import REPLY_ABOVE_EN, REPLY_ABOVE_FR
from tests.mail.reply_samples import ATTRIBUTIONS, DEVICE_LINES

ANSWER = "Bonjour Alice,\n\nOui, toujours lent.\nBruno"
OURS = "Bonjour,\nAvez-vous encore ce problème ?"
QUOTED = "> Bonjour,\n> Avez-vous encore ce problème ?"
EVERY = [(code, one) for code, some in ATTRIBUTIONS.items() for one in some]
UNMARKED = [(code, one) for code, one in EVERY if not one.startswith(">")]
DEVICES = [(code, one) for code, some in DEVICE_LINES.items() for one in some]


@pytest.mark.parametrize(("code", "announced"), EVERY)
def test_what_announces_marked_lines_is_cut_with_them(code: str, announced: str) -> None:
    assert reply_of(f"{ANSWER}\n\n{announced}\n\n{QUOTED}\n") == ANSWER, code


@pytest.mark.parametrize(("code", "announced"), UNMARKED)
def test_what_announces_unmarked_lines_is_cut_with_them(code: str, announced: str) -> None:
    assert reply_of(f"{ANSWER}\n\n{announced}\n\n{OURS}\n") == ANSWER, code


@pytest.mark.parametrize(("code", "line"), DEVICES)
def test_a_line_of_a_telephone_is_cut(code: str, line: str) -> None:
    assert is_device_line(line), code
    assert reply_of(f"{ANSWER}\n\n{line}\n\n{EVERY[0][1]}\n{QUOTED}") == ANSWER


@pytest.mark.parametrize(
    "marker",
    [
        REPLY_ABOVE_FR,
        REPLY_ABOVE_EN,
        "##- Please type your reply above this line -##",
        "--- Bitte antworten Sie oberhalb dieser Linie ---",
        "--- Responda por encima de esta línea ---",
    ],
)
def test_nothing_below_the_marker_is_an_answer(marker: str) -> None:
    assert reply_of(f"{ANSWER}\n\n{marker}\n\n{OURS}") == ANSWER


def test_the_marker_goes_with_an_announcement_in_a_language_nobody_knows() -> None:
    announced = "Zuq 2026-03-02 09:12 Alice bablu :"

    assert reply_of(f"{ANSWER}\n\n{announced}\n\n{REPLY_ABOVE_FR}\n{OURS}") == ANSWER
