"""The care of a site: its sheet, its warning signals, its changelog."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from helpdesk.domain.changelog import ChangelogKind
from helpdesk.domain.checklist import DiagnosticLevel
from helpdesk.domain.signal import Signal
from helpdesk.domain.site_record import Environment
from helpdesk.graphql import diagnostic_enums, site_record  # noqa: F401 - declare enumerations
from helpdesk.graphql.fields import attribute, computed

if TYPE_CHECKING:
    from helpdesk.graphql.ticket import Ticket


@strawberry.type(description="A version of what is known of a site; what nobody said is absent.")
class SiteSheet:
    """A version of what is known of a site."""

    version: int = attribute("The number of the version; versions are never edited.")
    at: datetime = attribute("When it was written down.")
    by_name: str = attribute("Who wrote it down.")
    cms: str | None = attribute("The CMS or framework.")
    cms_version: str | None = attribute("Its version.")
    is_cms_supported: bool | None = attribute("Whether that version is supported.")
    php_version: str | None = attribute("The version of PHP.")
    php_supported_until: date | None = attribute("The last day of its security fixes.")
    is_php_supported: bool | None = attribute("Whether PHP gets security fixes today.")
    host: str | None = attribute("Who hosts it.")
    theme: str | None = attribute("Its theme.")
    plugin_count: int | None = attribute("How many plugins it has.")
    obsolete_plugin_count: int | None = attribute("How many of them are obsolete or abandoned.")
    publications_a_month: int | None = attribute("How often something is published on it.")
    monthly_minutes: int | None = attribute("The workload a month that was estimated, in minutes.")
    has_staging: bool | None = attribute("Whether there is a staging environment.")
    has_monitoring: bool | None = attribute("Whether its uptime is monitored.")
    has_waf: bool | None = attribute("Whether a WAF or a CDN protects it.")
    has_error_tracking: bool | None = attribute("Whether errors are tracked.")
    has_password_manager: bool | None = attribute(
        "Whether its accesses are in a shared password manager; they are never kept here."
    )
    documented_on: date | None = attribute("The day of the latest technical documentation.")


@strawberry.type(description="One time that a warning signal was up at a site.")
class WarningSignal:
    """One time that a warning signal was up."""

    signal: Signal = attribute("Which signal.")
    number: int = computed(
        "Its number in the guide, 1 to 10.",
        lambda one, request: request.desk.diagnostics.signal_words(one.signal).number,
        needs=("signal",),
    )
    level: DiagnosticLevel = computed(
        "How much it weighs.",
        lambda one, request: request.desk.diagnostics.signal_words(one.signal).level,
        needs=("signal",),
    )
    label: str = computed(
        "What it is called, in the viewer's language.",
        lambda one, request: request.desk.diagnostics.signal_words(one.signal).label[
            request.viewer.locale
        ],
        needs=("signal",),
    )
    reveals: str = computed(
        "What it reveals, in the viewer's language.",
        lambda one, request: request.desk.diagnostics.signal_words(one.signal).reveals[
            request.viewer.locale
        ],
        needs=("signal",),
    )
    risk: str = computed(
        "What it risks, in the viewer's language.",
        lambda one, request: request.desk.diagnostics.signal_words(one.signal).risk[
            request.viewer.locale
        ],
        needs=("signal",),
    )
    raised_on: date = attribute("The local day on which it went up.")
    raised_at: datetime = attribute("When it went up.")
    raised_by_name: str = attribute("Who raised it.")
    evidence: str = attribute("What shows it.")
    is_derived: bool = attribute("Whether the engine raised it from its own data.")
    is_uncovered_by_plan: bool = attribute(
        "Whether the plan of the site raises it by construction: the plan does not cover it."
    )
    cleared_on: date | None = attribute("The local day on which it fell; absent while it is up.")
    cleared_at: datetime | None = attribute("When it fell; absent while it is up.")
    cleared_by_name: str | None = attribute("Who cleared it; absent while it is up.")
    cleared_evidence: str | None = attribute("What shows that it is over; absent while it is up.")


@strawberry.type(description="That three critical signals together call for an audit at once.")
class AuditCall:
    """That three critical signals together call for an audit."""

    began_on: date = attribute("The local day since which they stand together.")
    began_at: datetime = attribute("Since when.")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] = attribute(
        "The task that was opened for it, once."
    )


@strawberry.type(description="Something that was done on a site.")
class ChangelogEntry:
    """Something that was done on a site."""

    kind: ChangelogKind = attribute("What was done.")
    at: datetime = attribute("When.")
    title: str = attribute("The component with its versions, or the subject of the request.")
    environment: Environment | None = attribute("Where it was updated; absent for a request.")
    ticket: Annotated["Ticket", strawberry.lazy("helpdesk.graphql.ticket")] | None = attribute(
        "The request; absent for an update."
    )


CHANGELOG_FIRST = Annotated[
    int | None,
    strawberry.argument(description="How many, 100 at most; 20 if left out."),
]
CHANGELOG_BEFORE = Annotated[
    datetime | None,
    strawberry.argument(description="Only those before this instant, to read on."),
]
