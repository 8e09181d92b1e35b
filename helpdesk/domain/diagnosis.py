"""What the engine's own data tell of a site: which signals stand, which points are covered.

Only what is known is told: a fact that nobody recorded raises nothing, clears nothing and answers
nothing. Source: rules, section 9.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from helpdesk.domain.finding import Finding, FindingWords, aged, dated, said, told
from helpdesk.domain.period import months_later
from helpdesk.domain.plan import ReportLevel
from helpdesk.domain.signal import Signal
from helpdesk.domain.site_knowledge import LOOKBACK_MONTHS, CheckTold, SiteKnowledge
from helpdesk.domain.site_record import SiteCheckKind
from helpdesk.domain.ticket import Channel

UPDATE_MONTHS = 6
"""Updates that are older than so many calendar months were never done (SIG-04, strict)."""

RESTORE_MONTHS = 3
"""A backup is tested if a restore succeeded less than so many months ago (C3, SIG-05)."""

BACKUP_MONTHS = 1
"""Automatic backups are in place if one was made less than so many months ago (C1, proposal)."""

REPORT_MONTHS = 2
"""The report of a month is sent in the next one: that of two months ago is the oldest to count."""

YEAR_MONTHS = 12
_REQUEST_CHANNELS = frozenset(Channel) - {Channel.MONITORING}


Rule: TypeAlias = Callable[[SiteKnowledge, date], Finding | None]


def derived_signals(facts: SiteKnowledge, *, today: date) -> Mapping[Signal, Finding]:
    """Return the signals that the data decide: not fine raises one, fine clears it."""
    found = {signal: rule(facts, today) for signal, rule in _SIGNALS.items()}
    return {signal: finding for signal, finding in found.items() if finding is not None}


def derived_points(facts: SiteKnowledge, *, today: date) -> Mapping[str, Finding]:
    """Return the points of the checklist that the data answer: green where fine, else red."""
    found = {code: rule(facts, today) for code, rule in _POINTS.items()}
    return {code: finding for code, finding in found.items() if finding is not None}


def are_updates_overdue(last_on: date | None, *, today: date) -> bool:
    """Return whether the last update is more than six calendar months old, or there is none.

    >>> are_updates_overdue(date(2026, 1, 1), today=date(2026, 7, 1))
    False
    >>> are_updates_overdue(date(2025, 12, 31), today=date(2026, 7, 1))
    True
    """
    return last_on is None or today > months_later(last_on, UPDATE_MONTHS)


def is_restore_tested(last_on: date | None, *, today: date) -> bool:
    """Return whether a restore succeeded less than three calendar months ago.

    >>> is_restore_tested(date(2026, 4, 1), today=date(2026, 7, 1))
    False
    """
    return last_on is not None and today < months_later(last_on, RESTORE_MONTHS)


def _is_watched(facts: SiteKnowledge, months: int, today: date) -> bool:
    """Return whether records were kept for so long that none tells that it was never done."""
    since = facts.watched_since
    return since is not None and today > months_later(since, months)


def _channels(facts: SiteKnowledge, _: date) -> Finding | None:
    asked = {one: count for one, count in facts.requests.items() if one in _REQUEST_CHANNELS}
    total = sum(asked.values())
    if not total:
        return None
    by_mail = asked.get(Channel.MAIL, 0)
    return Finding(
        by_mail < total,
        f"{by_mail} of {total} requests of the last {LOOKBACK_MONTHS} months came by mail",
        f"{by_mail} demandes sur {total} des {LOOKBACK_MONTHS} derniers mois sont venues par mail",
    )


def _tracking(facts: SiteKnowledge, today: date) -> Finding | None:
    if not facts.ticket_count and not _is_watched(facts, LOOKBACK_MONTHS, today):
        return None
    return Finding(
        facts.ticket_count > 0,
        f"{facts.ticket_count} tickets in the last {LOOKBACK_MONTHS} months",
        f"{facts.ticket_count} tickets dans les {LOOKBACK_MONTHS} derniers mois",
    )


def _updates(facts: SiteKnowledge, today: date) -> Finding | None:
    last_on = facts.records.last_update_on
    if last_on is None and not _is_watched(facts, UPDATE_MONTHS, today):
        return None
    return dated(not are_updates_overdue(last_on, today=today), last_on, _UPDATE)


def _restore(facts: SiteKnowledge, today: date) -> Finding | None:
    last_on = facts.records.last_restore_test_on
    if facts.records.has_restore_failed:
        return Finding(
            is_fine=False,
            english="the last restore test failed",
            french="le dernier test de restauration a échoué",
        )
    if last_on is None and not _is_watched(facts, RESTORE_MONTHS, today):
        return None
    return dated(is_restore_tested(last_on, today=today), last_on, _RESTORE)


def _report(facts: SiteKnowledge, today: date) -> Finding | None:
    contract, last = facts.contract, facts.last_reported
    if contract is None:
        return None
    sold = contract.services.report
    if sold is not None and sold.value is ReportLevel.NONE:
        return Finding(
            is_fine=False,
            english="the plan sends no report",
            french="le forfait ne comprend pas de rapport",
        )
    if last is None:
        is_late = _is_watched(facts, REPORT_MONTHS, today)
        never = Finding(is_fine=False, english="no report", french="aucun rapport")
        return never if is_late else None
    oldest = months_later(today.replace(day=1), -REPORT_MONTHS)
    return Finding(
        is_fine=date(last.year, last.number, 1) >= oldest,
        english=f"the last report is that of {last}",
        french=f"le dernier rapport est celui de {last}",
    )


def _monitoring(facts: SiteKnowledge, today: date) -> Finding | None:
    if facts.records.is_probed:
        return Finding(
            is_fine=True,
            english="a probe reports to the engine",
            french="une sonde alimente l'outil",
        )
    return _on_sheet("has_monitoring", "uptime monitoring", "surveillance uptime")(facts, today)


def _documentation(facts: SiteKnowledge, today: date) -> Finding | None:
    """Return whether there is any documentation; how fresh it is, another rule tells."""
    if facts.sheet is None:
        return None
    return dated(facts.sheet.documented_on is not None, facts.sheet.documented_on, _DOCUMENTS)


def _fresh_documentation(facts: SiteKnowledge, today: date) -> Finding | None:
    if facts.sheet is None:
        return None
    return aged(facts.sheet.documented_on, YEAR_MONTHS, today, _DOCUMENTS)


def _fixes(facts: SiteKnowledge, _: date) -> Finding | None:
    """Return whether every recorded security update came in 72 h, whatever the plan (X-37)."""
    records = facts.records
    if not records.fix_count:
        return None
    late, all_of_them = records.late_fix_count, records.fix_count
    return Finding(
        late == 0,
        f"{late} of {all_of_them} security updates came later than 72 h",
        f"{late} mises à jour de sécurité sur {all_of_them} sont venues après plus de 72 h",
    )


def _tested_updates(facts: SiteKnowledge, _: date) -> Finding | None:
    sheet, records = facts.sheet, facts.records
    if sheet is not None and sheet.has_staging is False:
        return Finding(
            is_fine=False,
            english="there is no staging to test on",
            french="aucun staging pour tester",
        )
    if not records.update_count:
        return None
    untested, total = records.untested_update_count, records.update_count
    return Finding(
        untested == 0,
        f"{untested} of {total} updates went live untested",
        f"{untested} mises à jour sur {total} sont passées en production sans test",
    )


def _backup(facts: SiteKnowledge, today: date) -> Finding | None:
    last_on = facts.records.last_backup_on
    return None if last_on is None else aged(last_on, BACKUP_MONTHS, today, _BACKUP)


def _off_site(facts: SiteKnowledge, _: date) -> Finding | None:
    return said(facts.records.is_backup_off_site, "off-site backups", "sauvegardes off-site")


def _retention(facts: SiteKnowledge, _: date) -> Finding | None:
    return said(facts.records.has_backup_retention, "backup retention", "durée de rétention")


def _dependencies(facts: SiteKnowledge, today: date) -> Finding | None:
    """Return whether dependencies are audited; what an audit finds is another matter (A1)."""
    check = facts.records.checks.get(SiteCheckKind.DEPENDENCY_AUDIT)
    return None if check is None else _checked(replace(check, is_ok=True), today, _AUDIT)


def _check(kind: SiteCheckKind, words: FindingWords) -> Rule:
    """Return the rule that the last check of a kind answers, a year long unless it says else."""

    def rule(facts: SiteKnowledge, today: date) -> Finding | None:
        check = facts.records.checks.get(kind)
        return None if check is None else _checked(check, today, words)

    return rule


def _performance(facts: SiteKnowledge, today: date) -> Finding | None:
    last_on = facts.records.last_performance_audit_on
    return None if last_on is None else aged(last_on, YEAR_MONTHS, today, _PERFORMANCE)


def _certificate(facts: SiteKnowledge, today: date) -> Finding | None:
    ends_on = facts.records.certificate_expires_on
    if ends_on is None:
        return None
    is_fine = today < ends_on and facts.records.is_certificate_renewed
    words = _SSL if facts.records.is_certificate_renewed else _SSL_BY_HAND
    return dated(is_fine, ends_on, words)


def _obsolete(facts: SiteKnowledge, _: date) -> Finding | None:
    """Return whether obsolete plugins were looked for: to know of three is to have them listed."""
    count = None if facts.sheet is None else facts.sheet.obsolete_plugin_count
    if count is None:
        return None
    return Finding(
        is_fine=True,
        english=f"{count} obsolete plugins are listed",
        french=f"{count} plugins obsolètes recensés",
    )


def _procedure(facts: SiteKnowledge, _: date) -> Finding:
    is_there = facts.contract is not None and facts.contract.has_emergency_procedure
    return told(is_there, "emergency procedure", "procédure d'urgence")


def _sla(facts: SiteKnowledge, _: date) -> Finding:
    contract = facts.contract
    has_any = contract is not None and (contract.has_response_sla or contract.has_resolution_sla)
    return told(has_any, "SLA in a contract", "SLA dans un contrat")


def _both_slas(facts: SiteKnowledge, _: date) -> Finding:
    contract = facts.contract
    has_both = contract is not None and contract.has_response_sla and contract.has_resolution_sla
    return told(has_both, "response and resolution SLA", "SLA de réponse et de résolution")


def _matrix(facts: SiteKnowledge, _: date) -> Finding:
    is_accepted = facts.contract is not None and facts.contract.is_matrix_accepted
    return told(is_accepted, "accepted priority matrix", "matrice de priorisation acceptée")


def _perimeter(facts: SiteKnowledge, _: date) -> Finding:
    is_listed = facts.contract is not None and facts.contract.lists_exclusions
    return told(is_listed, "written exclusions", "exclusions écrites")


def _calendar(facts: SiteKnowledge, _: date) -> Finding:
    is_planned = facts.contract is not None and facts.contract.has_update_calendar
    return told(is_planned, "calendar of preventive updates", "calendrier de mises à jour")


def _review(facts: SiteKnowledge, today: date) -> Finding | None:
    last_on = None if facts.contract is None else facts.contract.last_review_on
    if last_on is None and not _is_watched(facts, YEAR_MONTHS, today):
        return None
    return aged(last_on, YEAR_MONTHS, today, _REVIEW)


def _on_sheet(name: str, english: str, french: str) -> Rule:
    """Return the rule that the sheet of the site answers."""

    def rule(facts: SiteKnowledge, _: date) -> Finding | None:
        return said(getattr(facts.sheet, name, None), english, french)

    return rule


_UPDATE = FindingWords(
    "last update on", "dernière mise à jour le", "no update", "aucune mise à jour"
)
_RESTORE = FindingWords(
    "last restore test on", "dernier test de restauration le", "no restore test",
    "aucun test de restauration",
)  # fmt: skip
_DOCUMENTS = FindingWords(
    "documented on", "documenté le", "no documentation", "aucune documentation"
)
_BACKUP = FindingWords("last backup on", "dernière sauvegarde le", "no backup", "aucune sauvegarde")
_AUDIT = FindingWords("dependencies audited on", "dépendances auditées le", "", "")
_ACCESS = FindingWords("accesses reviewed on", "accès vérifiés le", "", "")
_LOGS = FindingWords("logs consulted on", "logs consultés le", "", "")
_PERFORMANCE = FindingWords("load time measured on", "temps de chargement mesuré le", "", "")
_SSL = FindingWords("certificate valid until", "certificat valable jusqu'au", "", "")
_SSL_BY_HAND = FindingWords(
    "certificate renewed by hand, valid until", "certificat renouvelé à la main, valable jusqu'au",
    "", "",
)  # fmt: skip
_REVIEW = FindingWords("last review on", "dernière revue le", "no review", "aucune revue")


def _checked(check: CheckTold, today: date, words: FindingWords) -> Finding:
    until = check.valid_until
    is_fresh = today < months_later(check.on, YEAR_MONTHS) if until is None else today <= until
    return dated(check.is_ok and is_fresh, check.on, words)


_STAGING = _on_sheet("has_staging", "staging environment", "environnement de staging")

_SIGNALS: Mapping[Signal, Rule] = {
    Signal.EMAIL_ONLY: _channels,
    Signal.NO_TICKET_TRACKING: _tracking,
    Signal.NO_STAGING: _STAGING,
    Signal.UPDATES_NEVER_DONE: _updates,
    Signal.BACKUP_UNTESTED: _restore,
    Signal.NO_UPTIME_MONITORING: _monitoring,
    Signal.NO_REPORT: _report,
    Signal.NO_SLA: _sla,
    Signal.NO_DOCUMENTATION: _documentation,
    Signal.NO_EMERGENCY_PROCEDURE: _procedure,
}

_POINTS: Mapping[str, Rule] = {
    "A1": _dependencies,
    "A2": _fixes,
    "A3": _certificate,
    "A4": _check(SiteCheckKind.ACCESS_REVIEW, _ACCESS),
    "A5": _on_sheet("has_waf", "WAF or CDN", "WAF ou CDN"),
    "B1": _monitoring,
    "B2": _check(SiteCheckKind.LOGS, _LOGS),
    "B3": _on_sheet("has_error_tracking", "error tracking", "tracking d'erreurs"),
    "B4": _performance,
    "B5": _procedure,
    "C1": _backup,
    "C2": _off_site,
    "C3": _restore,
    "C4": _retention,
    "D1": _STAGING,
    "D2": _tested_updates,
    "D3": _on_sheet("is_cms_supported", "supported CMS version", "version de CMS supportée"),
    "D4": _obsolete,
    "D5": _calendar,
    "E1": _channels,
    "E2": _matrix,
    "E3": _both_slas,
    "E4": _report,
    "E5": _fresh_documentation,
    "E7": _on_sheet("has_password_manager", "password manager", "gestionnaire de mots de passe"),
    "E8": _review,
    "E9": _perimeter,
}
"""Whether the client was briefed (E6) is known only once somebody says it."""
