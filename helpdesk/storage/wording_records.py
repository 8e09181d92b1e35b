"""The words and the look of an agency's mails in the database; nothing is ever overwritten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import Locale
from helpdesk.domain.letter_kind import LetterKind
from helpdesk.domain.mail_look import Logo, MailLook
from helpdesk.domain.mail_template import MailTemplate, TemplateSource
from helpdesk.storage.classification_documents import actor_document, actor_of
from helpdesk.storage.compiled_query import Row
from helpdesk.storage.query import Query, insert
from helpdesk.storage.session import MINE, Session
from helpdesk.storage.tables.agency import AGENCY
from helpdesk.storage.tables.mail_template import MAIL_LOOK, MAIL_TEMPLATE
from helpdesk.usecases.mail_wording_ports import AgencyWording

_TEMPLATE = Query(
    select(*MAIL_TEMPLATE.columns)
    .where(
        MAIL_TEMPLATE.c.agency_id == MINE,
        MAIL_TEMPLATE.c.kind == bindparam("kind"),
        MAIL_TEMPLATE.c.locale == bindparam("locale"),
    )
    .order_by(MAIL_TEMPLATE.c.version.desc())
    .limit(1)
)
_OTHERS = MAIL_TEMPLATE.alias("others")
_TEMPLATES = Query(
    select(*MAIL_TEMPLATE.columns)
    .where(
        MAIL_TEMPLATE.c.agency_id == MINE,
        MAIL_TEMPLATE.c.version
        == select(func.max(_OTHERS.c.version))
        .where(
            _OTHERS.c.agency_id == MINE,
            _OTHERS.c.kind == MAIL_TEMPLATE.c.kind,
            _OTHERS.c.locale == MAIL_TEMPLATE.c.locale,
        )
        .scalar_subquery(),
    )
    .order_by(MAIL_TEMPLATE.c.kind, MAIL_TEMPLATE.c.locale)
)
_ADD_TEMPLATE = Query(insert(MAIL_TEMPLATE))
_LOOK = Query(
    select(*MAIL_LOOK.columns)
    .where(MAIL_LOOK.c.agency_id == MINE)
    .order_by(MAIL_LOOK.c.version.desc())
    .limit(1)
)
_ADD_LOOK = Query(insert(MAIL_LOOK))
_LOCK_AGENCY = Query(select(AGENCY.c.agency_id).where(AGENCY.c.agency_id == MINE).with_for_update())


class SqlWordingRecords:
    """WordingRecords on a database; one letter after another reads its words once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[LetterKind, Locale], AgencyWording] = {}

    async def wording(self, kind: LetterKind, locale: Locale) -> AgencyWording:
        """Return what counts for a letter."""
        if (kind, locale) not in self._known:
            asked = {"kind": kind.value, "locale": locale.value}
            templates, looks = await self._session.fetch_batch((_TEMPLATE, asked), (_LOOK, {}))
            source = _template_of(templates[0]).source if templates else None
            look = _look_of(looks[0]) if looks else MailLook()
            self._known[kind, locale] = AgencyWording(source, look)
        return self._known[kind, locale]

    async def templates(self) -> Sequence[MailTemplate]:
        """Return the newest version of each template that there is one of."""
        return tuple(_template_of(row) for row in await self._session.fetch_all(_TEMPLATES))

    async def template(self, kind: LetterKind, locale: Locale) -> MailTemplate | None:
        """Return the newest version of a template."""
        row = await self._session.fetch_one(_TEMPLATE, kind=kind.value, locale=locale.value)
        return None if row is None else _template_of(row)

    async def add_template(
        self,
        kind: LetterKind,
        locale: Locale,
        source: TemplateSource | None,
        *,
        by: Actor,
        at: datetime,
    ) -> MailTemplate:
        """Add the next version of a template and return it."""
        await self._session.fetch_one(_LOCK_AGENCY)  # who says so at the same time waits here
        newest = await self.template(kind, locale)
        version = 1 if newest is None else newest.version + 1
        await self._session.write(
            _ADD_TEMPLATE,
            kind=kind.value,
            locale=locale.value,
            version=version,
            subject=None if source is None else source.subject,
            body=None if source is None else source.body,
            made_at=at,
            made_by=actor_document(by),
        )
        self._known.clear()
        return MailTemplate(kind, locale, version, source, at, by)

    async def look(self) -> MailLook:
        """Return the newest look."""
        row = await self._session.fetch_one(_LOOK)
        return MailLook() if row is None else _look_of(row)

    async def add_look(self, look: MailLook, *, by: Actor, at: datetime) -> None:
        """Add the next version of the look."""
        await self._session.fetch_one(_LOCK_AGENCY)
        row = await self._session.fetch_one(_LOOK)
        logo = look.logo
        await self._session.write(
            _ADD_LOOK,
            version=1 if row is None else _held_look(row)["version"] + 1,
            accent=look.accent,
            footer=list(look.footer),
            signature=look.signature,
            logo_sha256=None if logo is None else logo.sha256,
            logo_type=None if logo is None else logo.content_type,
            logo_width=None if logo is None else logo.width,
            logo_height=None if logo is None else logo.height,
            made_at=at,
            made_by=actor_document(by),
        )
        self._known.clear()


def _template_of(row: Row) -> MailTemplate:
    held = dict(zip(MAIL_TEMPLATE.c.keys(), row, strict=True))
    is_default = held["subject"] is None
    return MailTemplate(
        kind=LetterKind(held["kind"]),
        locale=Locale(held["locale"]),
        version=held["version"],
        source=None if is_default else TemplateSource(held["subject"], held["body"]),
        made_at=held["made_at"],
        made_by=actor_of(held["made_by"]),
    )


def _look_of(row: Row) -> MailLook:
    held = _held_look(row)
    logo = None
    if held["logo_sha256"] is not None:
        sides = held["logo_width"], held["logo_height"]
        logo = Logo(held["logo_sha256"], held["logo_type"], *sides)
    return MailLook(held["accent"], tuple(held["footer"]), held["signature"], logo)


def _held_look(row: Row) -> dict[str, Any]:  # Any: columns of every type
    return dict(zip(MAIL_LOOK.c.keys(), row, strict=True))
