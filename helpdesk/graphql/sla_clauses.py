"""The clauses of a contract by which its clocks run."""

import strawberry

from helpdesk.domain.escalation import EscalationActionKind
from helpdesk.domain.sla_policy import ReopenClause, RetargetClause
from helpdesk.graphql.fields import attribute, described_enum
from helpdesk.graphql.sla_clock import SlaMetric
from helpdesk.graphql.ticket_enums import WaitingOn

described_enum(
    ReopenClause,
    "ReopenClause",
    "What becomes of a resolution or delivery that had ended when its ticket is reopened.",
    {
        ReopenClause.CONTINUE_EXCLUDING_CLOSED: "It goes on; the time between never counts.",
        ReopenClause.CONTINUE_COUNTING_CLOSED: "It goes on, and the time between counts.",
        ReopenClause.NEW_CYCLE: "It is promised anew, from the reopening on.",
        ReopenClause.NONE: "It stays as it ended.",
    },
)
described_enum(
    RetargetClause,
    "RetargetClause",
    "From when a promise counts that came into force while the ticket was open.",
    {
        RetargetClause.KEEP_ORIGIN: "From the fact that starts it, whatever was promised then.",
        RetargetClause.FROM_FIRST_PROMISE: "From that fact, but not before anything was promised.",
        RetargetClause.FROM_RECLASSIFICATION: "From each change: the earlier clock ends there.",
    },
)


described_enum(
    EscalationActionKind,
    "EscalationActionKind",
    "What a step of an escalation ladder does.",
    {
        EscalationActionKind.NOTIFY_ASSIGNEE: "It writes to the agent who takes care of it.",
        EscalationActionKind.NOTIFY_TEAM: "It writes to the people of a team.",
        EscalationActionKind.NOTIFY_MANAGERS: "It writes to the managers.",
        EscalationActionKind.NOTIFY_CLIENT: "It writes to the requester.",
        EscalationActionKind.REASSIGN: "It gives the ticket to another agent or team.",
        EscalationActionKind.RAISE_PRIORITY: "It raises the priority by one.",
        EscalationActionKind.CALL_WEBHOOK: "It calls a webhook.",
    },
)


@strawberry.type(description="Which clocks a wait stops.")
class PauseClause:
    """Which clocks a wait stops."""

    waiting_on: WaitingOn = attribute("Whom or what the ticket waits for.")
    metrics: list[SlaMetric] = attribute("The promises whose clocks stop; none of none.")


@strawberry.type(description="What becomes of a promise when its ticket is reopened.")
class ReopeningClause:
    """What becomes of a promise when its ticket is reopened."""

    clause: ReopenClause = attribute("What becomes of it.")
    window_days: int | None = attribute(
        "After how many days of 24 hours a reopening is a new cycle; absent without a limit."
    )


@strawberry.type(description="What counts as an answer, beside a public message of a person.")
class AnswerClause:
    """What counts as an answer."""

    by_opener: bool = attribute("Whether who opened the ticket gives its first response.")
    calls: bool = attribute("Whether a logged call is an answer.")
    first_response_answers: bool = attribute(
        "Whether the first response also answers a client who wrote meanwhile."
    )


@strawberry.type(description="When a client waits for a next response.")
class NextResponseClause:
    """When a client waits for a next response."""

    before_first_response: bool = attribute("Whether also while he waits for the first one.")
    restarts: bool = attribute(
        "Whether his next message starts the wait anew; if not, his oldest one counts."
    )


__all__ = [
    "AnswerClause",
    "EscalationActionKind",
    "NextResponseClause",
    "PauseClause",
    "ReopenClause",
    "ReopeningClause",
    "RetargetClause",
]
