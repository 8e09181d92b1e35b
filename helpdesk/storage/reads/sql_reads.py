"""The doors' reads on a database."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, literal, select

from helpdesk.domain.access import Viewer
from helpdesk.storage.database import Database
from helpdesk.storage.query import Query
from helpdesk.storage.reads.calendar_reads import CalendarShelf
from helpdesk.storage.reads.compliance_reads import SqlComplianceReads
from helpdesk.storage.reads.noun_table import AnySelect
from helpdesk.storage.reads.noun_tables import NOUN_TABLES
from helpdesk.storage.reads.reader import SqlReader
from helpdesk.storage.reads.statements import StatementShelf
from helpdesk.storage.tables.ticket import ATTACHMENT, BLOB
from helpdesk.usecases.read_models import File, Noun
from helpdesk.usecases.timelines import TimelineShelf

# A file is the same whenever it is read.
_WHENEVER = datetime.min.replace(tzinfo=UTC)
_PING = Query(select(literal(1)))


class SqlReads:
    """Reads on a database; the statements and calendars that were used are kept for the next."""

    def __init__(self, database: Database, timelines: TimelineShelf) -> None:
        self._database = database
        self._shelf = StatementShelf()
        self._calendars = CalendarShelf(timelines)
        self._compliance = SqlComplianceReads(database, self._shelf)

    @property
    def compliance(self) -> SqlComplianceReads:
        """Where compliance figures are read from."""
        return self._compliance

    def reader(self, viewer: Viewer, at: datetime) -> SqlReader:
        """Return a reader for this viewer, who asks at `at`."""
        return SqlReader(self._database, self._shelf, self._calendars, viewer=viewer, at=at)

    async def file(self, viewer: Viewer, attachment_id: str) -> File | None:
        """Return an attachment that the viewer may see with its bytes; None otherwise."""
        reader = self.reader(viewer, _WHENEVER)
        rows = await reader.rows("file", _file, id=attachment_id)
        if not rows:
            return None
        filename, content_type, sha256, content = rows[0]
        return File(filename, content_type, content, sha256)

    async def ping(self) -> None:
        """Return when the database answers."""
        async with self._database.reading() as connection:
            await connection.fetch_one(_PING)


def _file(is_client: bool) -> AnySelect:  # noqa: FBT001 - called back by the reader
    return select(
        ATTACHMENT.c.filename, ATTACHMENT.c.content_type, ATTACHMENT.c.sha256, BLOB.c.content
    ).where(
        *NOUN_TABLES[Noun.ATTACHMENT].held(is_client=is_client),
        ATTACHMENT.c.id == bindparam("id"),
        BLOB.c.agency_id == ATTACHMENT.c.agency_id,
        BLOB.c.sha256 == ATTACHMENT.c.sha256,
    )
