"""What an agent is told of a mail that cannot be shown as it was sent."""

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.inbound_email import Defect, InboundEmail
from helpdesk.domain.mail_notice import notices_on, with_notices
from helpdesk.domain.message import BODY_LIMIT


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize(
    "defect",
    [
        Defect.UNREADABLE,
        Defect.MAIL_TOO_LARGE,
        Defect.TOO_MANY_PARTS,
        Defect.TOO_DEEP,
        Defect.TEXT_CUT,
        Defect.HTML_CUT,
        Defect.ENCRYPTED,
        Defect.SIGNATURE_UNOPENED,
    ],
)
def test_each_reason_is_told_once_in_the_language_of_the_agency(
    defect: Defect, locale: Locale
) -> None:
    [notice] = notices_on(InboundEmail(from_=None, defects=(defect,)), locale=locale)

    assert notice.startswith("[")


def test_a_small_defect_is_not_told() -> None:
    email = InboundEmail(from_=None, text="Bonjour", defects=(Defect.BAD_DATE,))

    assert with_notices(email, locale=Locale.FR) is email


def test_the_notice_stands_below_the_words_and_below_the_answer() -> None:
    email = InboundEmail(
        from_=None, text="Oui\n> non", reply_text="Oui", defects=(Defect.TEXT_CUT, Defect.TOO_DEEP)
    )

    told = with_notices(email, locale=Locale.EN)

    notice = "[This mail is too large or too tangled to be shown whole: " + (
        "the original is attached, message.eml.]"
    )
    assert told.text == f"Oui\n> non\n\n{notice}"
    assert told.reply_text == f"Oui\n\n{notice}"


def test_a_mail_of_which_nothing_could_be_read_still_says_something() -> None:
    told = with_notices(InboundEmail(from_=None, defects=(Defect.UNREADABLE,)), locale=Locale.FR)

    assert told.text == "[Ce mail n’a pas pu être lu : l’original est joint, message.eml.]"


def test_a_text_as_long_as_may_be_leaves_room_for_the_notice() -> None:
    long = "x" * BODY_LIMIT
    email = InboundEmail(from_=None, text=long, reply_text=long, defects=(Defect.TEXT_CUT,))

    told = with_notices(email, locale=Locale.FR)

    assert len(told.text) == len(told.reply_text) == BODY_LIMIT
    assert told.text.endswith("message.eml.]")
