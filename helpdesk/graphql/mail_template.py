"""The words and the look of the agency's mails: shown, tried and changed."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import strawberry

from helpdesk.domain.errors import Locale
from helpdesk.domain.ids import TicketId
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.letter_purpose import LETTER_PURPOSES
from helpdesk.domain.mail_look import LogoRefused
from helpdesk.domain.mail_look import MailLook as KeptLook
from helpdesk.domain.mail_template import TemplateSource, VariableKind
from helpdesk.graphql.fields import POINTS, attribute, described_enum, optional
from helpdesk.graphql.global_ids import id_of
from helpdesk.graphql.mutating import MutationInput, Outcome, mutation, payload
from helpdesk.graphql.request import Info, Request
from helpdesk.graphql.scalars import LocaleCode
from helpdesk.usecases.mail_look import SetMailLook, mail_look, set_mail_look
from helpdesk.usecases.mail_templates import (
    LetterWords,
    ResetMailTemplate,
    SetMailTemplate,
    list_mail_templates,
    reset_mail_template,
    set_mail_template,
)
from helpdesk.usecases.preview_mail_template import PreviewMailTemplate, preview_mail_template
from helpdesk.usecases.read_models import Noun, Thing

MOST_TEMPLATES = 2 * len(LetterKind)
"""How many letters there are, for the cost of a query."""

described_enum(
    LetterKind,
    "LetterKind",
    "What a letter is about.",
    {kind: LETTER_PURPOSES[kind][Locale.EN] for kind in LetterKind},
)
described_enum(
    VariableKind,
    "MailVariableKind",
    "What a variable of a letter holds.",
    {
        VariableKind.TEXT: "Words, a date or an amount, told in the language of the reader.",
        VariableKind.PROSE: "What a person wrote; it stands alone in its paragraph.",
        VariableKind.LINK: "An address to follow; at the end of a line it becomes a button.",
        VariableKind.FLAG: "Yes or no, for `{% if %}`.",
        VariableKind.CHOICE: "One of some codes, for `{% if %}`.",
        VariableKind.LIST: "Lines, for `{% for %}`.",
    },
)


@strawberry.type(description="The words of a letter before its values are put in.")
class MailTemplateSource:
    """The words of a letter before its values are put in."""

    subject: str = attribute("The template of the subject; the tag of the ticket comes by itself.")
    body: str = attribute("The template of the text; the line to answer above comes by itself.")


@strawberry.type(description="What each line of a list has.")
class MailVariableField:
    """What each line of a list has."""

    name: str = attribute("Its name: `line.price` for the field `price` of a `line`.")
    example: str = attribute("What it could say.")


@strawberry.type(description="What a letter may name.")
class MailTemplateVariable:
    """What a letter may name."""

    name: str = attribute("Its name, as `{{ name }}`.")
    kind: VariableKind = attribute("What it holds.")
    meaning: str = attribute("What it stands for, in the language of the letter.")
    example: str = attribute("What it could say; empty for yes or no and for a list.")
    is_required: bool = attribute("Whether the body may not leave it out.")
    may_be_empty: bool = attribute("Whether it sometimes has nothing to say.")
    choices: list[str] = attribute("The codes of a CHOICE.")
    fields: list[MailVariableField] = attribute("What each line of a LIST has.")


@strawberry.type(description="A kind of letter in a language, and the words that it is told in.")
class MailTemplate:
    """A kind of letter in a language."""

    kind: LetterKind = attribute("Which letter it is.")
    locale: LocaleCode = attribute("The language.")
    purpose: str = attribute("Who reads the letter, and what for.")
    default: MailTemplateSource = attribute("The words that come with the engine.")
    own: MailTemplateSource | None = attribute("The agency's own words; absent for the default.")
    version: int = attribute("How often the agency changed the words; 0 when it never did.")
    changed_at: datetime | None = attribute("When it did last; absent when it never did.")
    changed_by: str | None = attribute("Who did; absent when nobody ever did.")
    variables: list[MailTemplateVariable] = attribute("What the words may name.", points=10)


@strawberry.type(description="A mail as its reader would get it.")
class MailPreview:
    """A mail as its reader would get it."""

    subject: str = attribute("The subject.")
    text: str = attribute("The text.")
    html: str = attribute("The same as a page, which fetches nothing.")


@strawberry.type(description="How the agency's mails look.")
class MailLook:
    """How the agency's mails look."""

    accent: str = attribute("The colour of lines and buttons, such as `#0f4c5c`.")
    footer: list[str] = attribute("The lines below every mail: the address, what the law asks.")
    signature: str = attribute("The closing of every mail; empty for the usual one.")
    has_logo: bool = attribute("Whether a logo stands above.")
    logo_width: int | None = attribute("The width of the logo in pixels; absent without one.")
    logo_height: int | None = attribute("The height of the logo in pixels; absent without one.")


@strawberry.input(description="The words of a letter.")
class MailTemplateSourceInput:
    """The words of a letter."""

    subject: str = attribute("The template of the subject.")
    body: str = attribute("The template of the text.")


@strawberry.input(description="The agency's own words for a letter.")
class SetMailTemplateInput(MutationInput):
    """The agency's own words for a letter."""

    kind: LetterKind = attribute("Which letter.")
    locale: LocaleCode = attribute("In which language.")
    subject: str = attribute("The template of the subject, 300 characters at most.")
    body: str = attribute("The template of the text, 16,000 characters at most.")


@strawberry.input(description="A letter that is to have the default words again.")
class ResetMailTemplateInput(MutationInput):
    """A letter that is to have the default words again."""

    kind: LetterKind = attribute("Which letter.")
    locale: LocaleCode = attribute("In which language.")


@strawberry.input(description="What changes in the look of the mails; what is left out stays.")
class SetMailLookInput(MutationInput):
    """What changes in the look of the mails."""

    accent: str | None = optional("The colour: dark enough for white words on it.")
    footer: list[str] | None = optional("The lines below every mail; an empty list removes them.")
    signature: str | None = optional("The closing of every mail; empty for the usual one.")
    logo: str | None = optional(
        "A PNG, JPEG or GIF in base64, 200 KB at most; an empty text removes the logo."
    )


SetMailTemplatePayload = payload(
    "SetMailTemplatePayload",
    "A letter in the agency's own words.",
    template=(MailTemplate, "The letter."),
)
ResetMailTemplatePayload = payload(
    "ResetMailTemplatePayload",
    "A letter in the default words.",
    template=(MailTemplate, "The letter."),
)
SetMailLookPayload = payload(
    "SetMailLookPayload", "Mails that look otherwise.", look=(MailLook, "The look.")
)


async def template_set(request: Request, given: SetMailTemplateInput) -> Outcome:
    """Give a letter the agency's own words."""
    asked = SetMailTemplate(given.kind, Locale(given.locale), given.subject, given.body)
    words = await set_mail_template(request.desk, viewer=request.viewer, request=asked)
    return {"template": _template(words)}


async def template_reset(request: Request, given: ResetMailTemplateInput) -> Outcome:
    """Give a letter the default words again."""
    asked = ResetMailTemplate(given.kind, Locale(given.locale))
    words = await reset_mail_template(request.desk, viewer=request.viewer, request=asked)
    return {"template": _template(words)}


async def look_set(request: Request, given: SetMailLookInput) -> Outcome:
    """Change how the mails look."""
    asked = SetMailLook(
        accent=given.accent,
        footer=None if given.footer is None else tuple(given.footer),
        signature=given.signature,
        logo=None if given.logo is None else _decoded(given.logo),
    )
    look = await set_mail_look(request.desk, viewer=request.viewer, request=asked)
    return {"look": _look(look)}


def _decoded(logo: str) -> bytes:
    try:
        return b64decode(logo, validate=True)
    except (NotBase64, ValueError) as error:
        raise LogoRefused(path=("logo",)) from error


def _template(words: LetterWords) -> Thing:
    own = words.own
    return Thing(
        kind=words.kind,
        locale=words.locale.value,
        purpose=words.purpose,
        default=_source(words.default),
        own=None if own is None or own.source is None else _source(own.source),
        version=0 if own is None else own.version,
        changed_at=None if own is None else own.made_at,
        changed_by=None if own is None else own.made_by.name,
        variables=[
            Thing(
                name=one.name,
                kind=one.kind,
                meaning=one.meaning,
                example=one.example if isinstance(one.example, str) else "",
                is_required=one.is_required,
                may_be_empty=one.may_be_empty,
                choices=list(one.choices),
                fields=_fields(one.fields.items()),
            )
            for one in words.variables
        ],
    )


def _source(source: TemplateSource) -> Thing:
    return Thing(subject=source.subject, body=source.body)


def _fields(fields: Iterable[tuple[str, str]]) -> list[Thing]:
    return [Thing(name=name, example=example) for name, example in fields]


def _look(look: KeptLook) -> Thing:
    return Thing(
        accent=look.accent,
        footer=list(look.footer),
        signature=look.signature,
        has_logo=look.logo is not None,
        logo_width=None if look.logo is None else look.logo.width,
        logo_height=None if look.logo is None else look.logo.height,
    )


_KIND = Annotated[LetterKind | None, strawberry.argument(description="Only this letter.")]
_LOCALE = Annotated[LocaleCode | None, strawberry.argument(description="Only this language.")]
_THE_KIND = Annotated[LetterKind, strawberry.argument(description="Which letter.")]
_THE_LOCALE = Annotated[LocaleCode, strawberry.argument(description="In which language.")]
_SOURCE = Annotated[
    MailTemplateSourceInput | None,
    strawberry.argument(description="The words to try; those that count now if left out."),
]
_TICKET_ID = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="A ticket whose number, subject and requester stand in the place of examples."
    ),
]


# Any: things stand for the declared types.
@strawberry.type
class MailTemplateQuery:
    """What can be asked about the words and the look of mails."""

    @strawberry.field(
        description="The words of every letter, with what they may name; for managers.",
        graphql_type=list[MailTemplate],
        metadata={POINTS: MOST_TEMPLATES},
    )
    async def mail_templates(
        self, info: Info, kind: _KIND = strawberry.UNSET, locale: _LOCALE = strawberry.UNSET
    ) -> Any:
        """Return the letters."""
        info.context.wanted(info.path)
        words = await list_mail_templates(
            info.context.desk,
            viewer=info.context.viewer,
            kind=kind or None,
            locale=Locale(locale) if locale else None,
        )
        return [_template(one) for one in words]

    @strawberry.field(
        description="A letter as its reader would get it, telling examples; for managers.",
        graphql_type=MailPreview,
        metadata={POINTS: 10},
    )
    async def preview_mail_template(
        self,
        info: Info,
        kind: _THE_KIND,
        locale: _THE_LOCALE,
        source: _SOURCE = strawberry.UNSET,
        ticket_id: _TICKET_ID = strawberry.UNSET,
    ) -> Any:
        """Return the mail that a letter would be."""
        info.context.wanted(info.path)
        asked = PreviewMailTemplate(
            kind,
            Locale(locale),
            TemplateSource.given(source.subject, source.body) if source else None,
            TicketId(id_of(Noun.TICKET, ticket_id, path=("ticketId",))) if ticket_id else None,
        )
        shown = await preview_mail_template(
            info.context.desk, viewer=info.context.viewer, request=asked
        )
        return Thing(subject=shown.subject, text=shown.text, html=shown.html)

    @strawberry.field(
        description="How the agency's mails look; for managers.", graphql_type=MailLook
    )
    async def mail_look(self, info: Info) -> Any:
        """Return the look of the mails."""
        info.context.wanted(info.path)
        return _look(await mail_look(info.context.desk, viewer=info.context.viewer))


@strawberry.type
class MailTemplateMutation:
    """What can be done about the words and the look of mails."""

    set_mail_template = mutation(
        "Give a letter the agency's own words, from the next mail on. Words that could fail, or "
        "that leave out what the letter is for, are refused. Managers alone may.",
        template_set,
        given=SetMailTemplateInput,
        gives=SetMailTemplatePayload,
    )
    reset_mail_template = mutation(
        "Give a letter the default words again; what the agency said before is kept. Managers "
        "alone may.",
        template_reset,
        given=ResetMailTemplateInput,
        gives=ResetMailTemplatePayload,
    )
    set_mail_look = mutation(
        "Change the colour, the logo, the footer or the signature of the mails, from the next one "
        "on. Managers alone may.",
        look_set,
        given=SetMailLookInput,
        gives=SetMailLookPayload,
    )
