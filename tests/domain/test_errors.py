"""A refusal speaks the language of its reader and names the input at fault."""

from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError, Locale


class FormSilent(HelpdeskError):
    """A form that nobody reads is worse than none."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "The form {name} is silent."
    french: ClassVar[str] = "Le formulaire {name} est muet."


def test_a_refusal_speaks_both_languages() -> None:
    refusal = FormSilent(path=("form", "name"), name="contact")

    assert refusal.message(Locale.EN) == "The form contact is silent."
    assert refusal.message(Locale.FR) == "Le formulaire contact est muet."
    assert str(refusal) == "The form contact is silent."
    assert refusal.path == ("form", "name")
    assert refusal.values == {"name": "contact"}


def test_a_refusal_without_a_path_is_about_the_whole() -> None:
    assert FormSilent(name="contact").path == ()
