"""The words of an agency's letters: read, changed, and given up for the default ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.domain.access import Viewer
from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.mail_template import MailTemplate, TemplateSource, TemplateVariable
from helpdesk.usecases.desk import Desk
from helpdesk.usecases.require_manager import require_manager


@dataclass(frozen=True, slots=True)
class LetterWords:
    """A kind of letter in a language: what it is for, its words, what they may name.

    `own` is the newest version that the agency made, one without a source when it went back to the
    default; None when it never made one.
    """

    kind: LetterKind
    locale: Locale
    purpose: str
    default: TemplateSource
    own: MailTemplate | None
    variables: Sequence[TemplateVariable]

    @property
    def source(self) -> TemplateSource:
        """Return the words that count."""
        own = None if self.own is None else self.own.source
        return own or self.default


@dataclass(frozen=True, slots=True)
class SetMailTemplate:
    """The agency's own words for a kind of letter in a language."""

    kind: LetterKind
    locale: Locale
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ResetMailTemplate:
    """The letter that is to have the default words again."""

    kind: LetterKind
    locale: Locale


async def list_mail_templates(
    desk: Desk,
    *,
    viewer: Viewer,
    kind: LetterKind | None = None,
    locale: Locale | None = None,
) -> tuple[LetterWords, ...]:
    """Return the words of every letter, of one kind or in one language when asked.

    Raises AgencyOnly, ScopeMissing and ManagersOnly.
    """
    async with desk.store.reading(viewer.agency_id) as records:
        await require_manager(records, viewer)
        own = {(one.kind, one.locale): one for one in await records.wording.templates()}
    return tuple(
        _words(desk, each, spoken, own.get((each, spoken)))
        for each in LetterKind
        for spoken in Locale
        if kind in {None, each} and locale in {None, spoken}
    )


async def set_mail_template(desk: Desk, *, viewer: Viewer, request: SetMailTemplate) -> LetterWords:
    """Give a letter the agency's own words and return it; letters promised before stay.

    The same words again add no version. Raises AgencyOnly, ScopeMissing, ManagersOnly,
    TextRequired, TemplateTooLong, TemplateTooIntricate, TemplateNotUnderstood,
    TemplatePartRefused, TemplateVariableUnknown and TemplateVariableMissing.
    """
    kind, locale = request.kind, request.locale
    source = TemplateSource.given(request.subject, request.body)
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        desk.writer.check(kind, locale, source)
        own = await records.wording.template(kind, locale)
        if own is None or own.source != source:
            own = await records.wording.add_template(
                kind, locale, source, by=viewer.actor, at=desk.now()
            )
        return _words(desk, kind, locale, own)


async def reset_mail_template(
    desk: Desk, *, viewer: Viewer, request: ResetMailTemplate
) -> LetterWords:
    """Give a letter the default words again and return it; its versions are kept.

    Raises AgencyOnly, ScopeMissing and ManagersOnly.
    """
    kind, locale = request.kind, request.locale
    async with desk.store.transaction(viewer.agency_id) as records:
        await require_manager(records, viewer)
        own = await records.wording.template(kind, locale)
        if own is not None and own.source is not None:
            own = await records.wording.add_template(
                kind, locale, None, by=viewer.actor, at=desk.now()
            )
        return _words(desk, kind, locale, own)


def _words(desk: Desk, kind: LetterKind, locale: Locale, own: MailTemplate | None) -> LetterWords:
    return LetterWords(
        kind,
        locale,
        purpose=desk.writer.purpose(kind, locale),
        default=desk.writer.default(kind, locale),
        own=own,
        variables=desk.writer.variables(kind, locale),
    )
