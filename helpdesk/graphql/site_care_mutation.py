"""What can be done about the care of a site: incidents, announced work, records, hooks."""

import strawberry

from helpdesk.graphql import availability_mutations as availability
from helpdesk.graphql import monitoring_mutations as monitoring
from helpdesk.graphql import site_record_mutations as record
from helpdesk.graphql.mutating import mutation


@strawberry.type(description="What can be done about the care of a site.")
class SiteCareMutation:
    """What can be done about the care of a site."""

    record_incident = mutation(
        "Write down that a site was not available; overlapping words of one source are refused.",
        availability.incident_recorded,
        given=availability.RecordIncidentInput,
        gives=availability.RecordIncidentPayload,
    )
    end_incident = mutation(
        "Write down that an incident is over.",
        availability.incident_ended,
        given=availability.EndIncidentInput,
        gives=availability.EndIncidentPayload,
    )
    correct_incident = mutation(
        "Put right what was said of an incident, its cause for instance; what was said is kept.",
        availability.incident_corrected,
        given=availability.CorrectIncidentInput,
        gives=availability.CorrectIncidentPayload,
    )
    withdraw_incident = mutation(
        "Take an incident back that never was; it counts nowhere from now on.",
        availability.incident_withdrawn,
        given=availability.WithdrawIncidentInput,
        gives=availability.WithdrawIncidentPayload,
    )
    announce_maintenance = mutation(
        "Announce work on a site: announced in time, its minutes break no promise.",
        availability.maintenance_announced,
        given=availability.AnnounceMaintenanceInput,
        gives=availability.AnnounceMaintenancePayload,
    )
    cancel_maintenance = mutation(
        "Call announced work off.",
        availability.maintenance_cancelled,
        given=availability.CancelMaintenanceInput,
        gives=availability.CancelMaintenancePayload,
    )
    record_probe_watch = mutation(
        "Write down that a probe watches a site, or that it failed to: a month that was not "
        "watched has no figure.",
        availability.watch_recorded,
        given=availability.RecordProbeWatchInput,
        gives=availability.RecordProbeWatchPayload,
    )
    record_update = mutation(
        "Write down that a component was updated.",
        record.update_recorded,
        given=record.RecordUpdateInput,
        gives=record.RecordUpdatePayload,
    )
    record_backup = mutation(
        "Write down that a backup was made.",
        record.backup_recorded,
        given=record.RecordBackupInput,
        gives=record.RecordBackupPayload,
    )
    record_restore_test = mutation(
        "Write down whether a backup could be put back.",
        record.restore_test_recorded,
        given=record.RecordRestoreTestInput,
        gives=record.RecordRestoreTestPayload,
    )
    record_certificate = mutation(
        "Write down until when a certificate is valid.",
        record.certificate_recorded,
        given=record.RecordCertificateInput,
        gives=record.RecordCertificatePayload,
    )
    record_vulnerability = mutation(
        "Write down that a vulnerability was found, fixed or accepted.",
        record.vulnerability_recorded,
        given=record.RecordVulnerabilityInput,
        gives=record.RecordVulnerabilityPayload,
    )
    record_performance = mutation(
        "Write down what was measured of a page.",
        record.performance_recorded,
        given=record.RecordPerformanceInput,
        gives=record.RecordPerformancePayload,
    )
    record_check = mutation(
        "Write down that something was looked at: logs, accesses, a form.",
        record.check_recorded,
        given=record.RecordCheckInput,
        gives=record.RecordCheckPayload,
    )
    import_site_report = mutation(
        "Read the report of a tool and write down what it adds; what the same tool finds no longer "
        "is fixed.",
        record.report_imported,
        given=record.ImportSiteReportInput,
        gives=record.ImportSiteReportPayload,
    )
    create_monitoring_hook = mutation(
        "Open a door for a monitoring tool. Managers alone may.",
        monitoring.hook_created,
        given=monitoring.CreateMonitoringHookInput,
        gives=monitoring.CreateMonitoringHookPayload,
    )
    revoke_monitoring_hook = mutation(
        "Shut the door of a monitoring tool. Managers alone may.",
        monitoring.hook_revoked,
        given=monitoring.RevokeMonitoringHookInput,
        gives=monitoring.RevokeMonitoringHookPayload,
    )
