"""What a classification adds to the history of its ticket; no clock takes notice of it."""

from collections.abc import Mapping

from helpdesk.domain.classification_life import Classification
from helpdesk.domain.exclusion import Exclusion
from helpdesk.domain.ticket import Ticket, TicketChange, TicketEventKind, changed
from helpdesk.domain.ticket_life import Occasion


def classification_told(
    ticket: Ticket, before: Classification | None, after: Classification, *, on: Occasion
) -> TicketChange:
    """Return the ticket with the fact that its classification went a step on.

    A decision that nobody took is told as that of a rule: its fact names who had it applied.
    """
    dispute, decision = after.dispute, after.decision
    if dispute is not None and (before is None or before.dispute != dispute):
        kind, reason = TicketEventKind.CLASSIFICATION_CONTESTED, dispute.reason
    elif decision is not None and (before is None or before.decision != decision):
        kind, reason = TicketEventKind.CLASSIFICATION_CONFIRMED, decision.reason
    else:
        kind, reason = TicketEventKind.CLASSIFIED, ""
    was, now = _fields(before), _fields(after)
    changes = [name for name in now if was.get(name) != now[name]]
    change = changed(ticket, kind, at=on.at, actor=on.actor, reason=reason or None)
    return change.with_details(
        before={name: was.get(name) for name in changes},
        after={name: now[name] for name in changes},
    )


def exclusion_told(ticket: Ticket, exclusion: Exclusion, *, on: Occasion) -> TicketChange:
    """Return the ticket with the fact that it was excluded, or that its exclusion was lifted."""
    lifting = exclusion.lifting
    kind = TicketEventKind.EXCLUDED if lifting is None else TicketEventKind.EXCLUSION_LIFTED
    reason = exclusion.link.explanation if lifting is None else lifting.reason
    change = changed(ticket, kind, at=on.at, actor=on.actor, reason=reason)
    causes = (None, exclusion.cause) if lifting is None else (exclusion.cause, None)
    return change.with_details(before={"exclusion": causes[0]}, after={"exclusion": causes[1]})


def _fields(classification: Classification | None) -> Mapping[str, str]:
    if classification is None:
        return {}
    verdict = classification.verdict
    return {
        "classification": classification.state,
        "nature": verdict.nature,
        "coverage": verdict.coverage,
        "funding": verdict.funding,
    }
