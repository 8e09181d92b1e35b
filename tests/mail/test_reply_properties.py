"""Whatever an answer quotes and however its program does it, the new words are what is shown."""

import textwrap
from collections.abc import Callable
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.mail.html_text import text_of_html
from helpdesk.mail.letter_press import LetterPress
from helpdesk.mail.reply_cutting import reply_of
from helpdesk.mail.reply_parent import SHINGLE, cut_reply
from helpdesk.mail.template_check import sample_head, sample_letter
from tests.mail.reply_samples import ATTRIBUTIONS, DEVICE_LINES

tried = settings(max_examples=60, deadline=None)
REFERENCE = f"Ref: t.{'a2' * 20}"
# a language nobody here knows
UNKNOWN = (
    "Zuq 2026-03-02 09:12 Alice <support@agence.example> bablu :",
    "Bablu: Alice <support@agence.example>\nZuq: 2026-03-02 09:12\nFro: Bruno\nGlim: RE: Lent",
)
OUR_MAILS = [
    LetterPress().write(sample_letter(kind, locale), sample_head(kind, locale)).text
    for kind, locale in product(LetterKind, Locale)
]

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéàçüßøłжщ日", min_size=2, max_size=9)
lines = st.lists(words, min_size=1, max_size=9).map(lambda found: " ".join(found).capitalize())
paragraphs = st.lists(lines, min_size=1, max_size=4).map("\n".join)
new_words = st.lists(paragraphs, min_size=1, max_size=3).map("\n\n".join)
announcements = st.sampled_from([one for some in ATTRIBUTIONS.values() for one in some])
device_lines = st.sampled_from(["", *(one for some in DEVICE_LINES.values() for one in some)])
Style = Callable[[str], str]


def is_block(announced: str) -> bool:
    """Return whether a program writes this above what it leaves unmarked, and never below."""
    is_line = announced.rstrip().endswith((":", "：")) and "---" not in announced
    return not is_line or announced.startswith(">")


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


def quoted_anew(text: str) -> str:
    """Quote as programs do that fold the lines they quote."""
    folded = [
        piece
        for line in text.strip().split("\n")
        for piece in (textwrap.wrap(line, 66, break_long_words=False) or [""])
    ]
    return "\n".join(f"> {line}".rstrip() for line in folded)


def unmarked(text: str) -> str:
    """Repeat as Outlook does, links told twice, spaces that do not break."""
    return (
        text.strip().replace("https://", "<https://").replace(" :", "\xa0:").replace("\n\n", "\n")
    )


def in_a_page(text: str) -> str:
    shown = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>\n")
    return text_of_html(f"<blockquote><div><p>{shown}</p></div></blockquote>").strip()


def with_reference(text: str) -> str:
    marker, _, rest = text.partition("\n")
    return f"{marker}\n{REFERENCE}\n{rest}"


styles = st.sampled_from([quoted, quoted_anew, unmarked, in_a_page])
our_mails = st.sampled_from([shape(mail) for mail in OUR_MAILS for shape in (str, with_reference)])


def answer_of(text: str, *mails: str) -> str:
    return cut_reply(reply_of(text), mails)


def without_marks(text: str) -> list[str]:
    return [line.lstrip("> ").strip() for line in text.split("\n")]


@tried
@given(said=new_words, announced=announcements, mail=our_mails, style=styles, device=device_lines)
def test_what_stands_above_a_quote_is_the_answer(
    said: str, announced: str, mail: str, style: Style, device: str
) -> None:
    assume(style is not unmarked or not announced.startswith(">"))
    whole = f"{said}\n\n{device}\n\n{announced}\n\n{style(mail)}\n"

    assert answer_of(whole, mail) == said


@tried
@given(said=new_words, announced=announcements, mail=our_mails, style=styles)
def test_a_mail_nobody_remembers_is_cut_by_its_announcement(
    said: str, announced: str, mail: str, style: Style
) -> None:
    assume(style is not unmarked or not announced.startswith(">"))

    assert answer_of(f"{said}\n\n{announced}\n\n{style(mail)}\n") == said


@tried
@given(said=new_words, mail=our_mails, style=styles, announced=st.sampled_from(UNKNOWN))
def test_our_mail_is_cut_in_a_language_nobody_knows(
    said: str, announced: str, mail: str, style: Style
) -> None:
    unmarked_mail = "\n".join(mail.strip().split("\n")[2:])

    whole = f"{said}\n\n{announced}\n\n{style(unmarked_mail)}\n"

    assert answer_of(whole, mail) == said


@tried
@given(said=new_words, announced=announcements, mail=our_mails, older=our_mails, style=styles)
def test_older_mails_below_ours_are_cut_with_it(
    said: str, announced: str, mail: str, older: str, style: Style
) -> None:
    assume(style is not unmarked or not announced.startswith(">"))

    whole = f"{said}\n\n{announced}\n{style(mail)}\n{announced}\n{style(older)}\n"

    assert answer_of(whole, mail, older) == said


@tried
@given(said=new_words, announced=announcements, mail=our_mails, style=styles)
def test_what_stands_below_a_quote_is_kept(
    said: str, announced: str, mail: str, style: Style
) -> None:
    assume(style is not unmarked and not is_block(announced))

    shown = answer_of(f"{announced}\n{style(mail)}\n\n{said}\n", mail)

    assert shown == said


@tried
@given(said=st.lists(new_words, min_size=2, max_size=4), announced=announcements, mail=our_mails)
def test_answers_between_quotes_are_all_kept_with_what_they_answer(
    said: list[str], announced: str, mail: str
) -> None:
    assume(not is_block(announced))
    asked = [one for one in mail.split("\n")[2:] if len(one.split()) > SHINGLE][: len(said)]
    assume(len(asked) == len(said))
    pairs = [f"> {question}\n\n{answer}" for question, answer in zip(asked, said, strict=True)]
    whole = f"{announced}\n" + "\n\n".join(pairs)

    assert answer_of(whole, mail) == "\n\n".join(pairs)


@tried
@given(said=new_words, announced=announcements, mail=our_mails, style=styles, device=device_lines)
def test_an_answer_is_cut_once(
    said: str, announced: str, mail: str, style: Style, device: str
) -> None:
    whole = f"{said}\n{device}\n-- \nBruno\n\n{announced}\n{style(mail)}\n\n{said}\n"

    once = answer_of(whole, mail)

    assert answer_of(once, mail) == once
    assert reply_of(reply_of(whole)) == reply_of(whole)


@tried
@given(pieces=st.lists(st.one_of(new_words, announcements, our_mails.map(quoted), device_lines)))
def test_nothing_is_invented_and_nothing_is_left_empty(pieces: list[str]) -> None:
    whole = "\n\n".join(pieces)

    shown = answer_of(whole, *OUR_MAILS[:10])

    written = whole.split("\n")
    assert all(line in written for line in shown.rstrip().split("\n") if line)
    assert shown.strip() or not whole.strip()


@tried
@given(said=new_words, mail=our_mails)
def test_a_forward_is_never_cut(said: str, mail: str) -> None:
    whole = f"{said}\n\n-------- Message transféré --------\n{ATTRIBUTIONS['fr'][-4]}\n\n{mail}"

    assert answer_of(whole, mail) == whole
