"""Billing cases about tickets that take nothing from the forfait."""

from helpdesk.domain.retainer_terms import FreeCause
from tests.conformance.billing_values import Given

FREE_SPELLINGS = {
    "merged": FreeCause.MERGED_DUPLICATE,
    "merge": FreeCause.MERGED_DUPLICATE,
    "duplicate": FreeCause.MERGED_DUPLICATE,
    "cancelled": FreeCause.CANCELLED_BEFORE_WORK,
    "cancelled_before_start": FreeCause.CANCELLED_BEFORE_WORK,
    "regression": FreeCause.AGENCY_REGRESSION,
    "warranty": FreeCause.AGENCY_REGRESSION,
    "monitoring": FreeCause.SUPERVISION,
    "support": FreeCause.QUESTION,
}
FREE = {cause.value for cause in FreeCause} | FREE_SPELLINGS.keys()
"""The causes, and how else the cases spell them."""


def is_free(ticket: Given) -> bool:
    """Return whether a ticket has a cause of its own, or says so by a mark such as `spam: true`."""
    is_double = bool(ticket.get("merged_into") or ticket.get("duplicate_of"))
    marked = {name for name in FREE if ticket.get(name) in (True, "before_work")}
    named = {str(ticket.get(name, "")).lower() for name in ("cause", "status", "nature", "kind")}
    return is_double or bool(marked) or not named.isdisjoint(FREE)
