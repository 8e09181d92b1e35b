"""The enumerations of audits, signals, routines and changelogs."""

from helpdesk.domain.audit import AuditKind
from helpdesk.domain.changelog import ChangelogKind
from helpdesk.domain.checklist import CheckBlock, DiagnosticLevel, PointStatus
from helpdesk.domain.routine import RoutineKind
from helpdesk.domain.signal import Signal
from helpdesk.graphql.fields import described_enum

described_enum(
    DiagnosticLevel,
    "DiagnosticLevel",
    "How much a point or a signal weighs.",
    {
        DiagnosticLevel.CRITICAL: "Critique: without it the maintenance is not sufficient.",
        DiagnosticLevel.HIGH: "Élevé: to be covered within 30 days.",
        DiagnosticLevel.MEDIUM: "Moyen: good practice.",
    },
)
described_enum(
    CheckBlock,
    "CheckBlock",
    "A block of the checklist.",
    {
        CheckBlock.SECURITY: "A: security.",
        CheckBlock.AVAILABILITY: "B: availability and monitoring.",
        CheckBlock.BACKUPS: "C: backups.",
        CheckBlock.UPDATES: "D: preventive updates.",
        CheckBlock.GOVERNANCE: "E: organisation and governance.",
    },
)
described_enum(
    PointStatus,
    "PointStatus",
    "What is known of a point.",
    {
        PointStatus.GREEN: "It is covered.",
        PointStatus.RED: "It is not covered.",
        PointStatus.UNKNOWN: "Nobody knows, or what was known has expired: that is not green.",
        PointStatus.NOT_APPLICABLE: "It does not apply, for a reason; a critical one needs two "
        "people to say so.",
    },
)
described_enum(
    AuditKind,
    "AuditKind",
    "What an audit is for.",
    {
        AuditKind.CLIENT_AUDIT: "For the client, who reads it once it is completed.",
        AuditKind.TAKEOVER: "Before a site is taken over from somebody else.",
        AuditKind.SELF_DIAGNOSIS: "For the agency itself.",
    },
)
described_enum(
    Signal,
    "Signal",
    "The ten warning signals.",
    {
        Signal.EMAIL_ONLY: "SIG-01: everything goes by mail.",
        Signal.NO_TICKET_TRACKING: "SIG-02: tickets are not tracked.",
        Signal.NO_STAGING: "SIG-03: there is no staging environment.",
        Signal.UPDATES_NEVER_DONE: "SIG-04: no update for more than six months.",
        Signal.BACKUP_UNTESTED: "SIG-05: no backup was tested for three months.",
        Signal.NO_UPTIME_MONITORING: "SIG-06: uptime is not monitored.",
        Signal.NO_REPORT: "SIG-07: there is no activity report.",
        Signal.NO_SLA: "SIG-08: no SLA is defined.",
        Signal.NO_DOCUMENTATION: "SIG-09: there is no documentation.",
        Signal.NO_EMERGENCY_PROCEDURE: "SIG-10: there is no emergency procedure.",
    },
)
described_enum(
    RoutineKind,
    "RoutineKind",
    "Work that is done over and over under a contract.",
    {
        RoutineKind.UPDATES: "Preventive updates.",
        RoutineKind.SECURITY_UPDATES: "Security updates.",
        RoutineKind.BACKUPS: "Verified backups.",
        RoutineKind.PERFORMANCE_AUDIT: "The performance audit.",
        RoutineKind.REPORT: "The monthly report.",
    },
)
described_enum(
    ChangelogKind,
    "ChangelogKind",
    "What was done on a site.",
    {
        ChangelogKind.UPDATE: "A component was updated.",
        ChangelogKind.SECURITY_UPDATE: "A component was updated for its security.",
        ChangelogKind.ROLLBACK: "An update was taken back.",
        ChangelogKind.REQUEST: "A request was delivered.",
    },
)
