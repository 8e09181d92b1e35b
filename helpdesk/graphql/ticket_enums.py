"""The closed sets of a ticket, each value in the contract's words."""

from helpdesk.domain.priority import Criticality, Impact, Priority, SecuritySign, Urgency
from helpdesk.domain.ticket import (
    Channel,
    LinkKind,
    TicketEventKind,
    TicketKind,
    TicketStatus,
)
from helpdesk.domain.waiting import WaitingOn
from helpdesk.graphql.fields import described_enum

described_enum(
    TicketStatus,
    "TicketStatus",
    "Where a ticket stands.",
    {
        TicketStatus.NEW: "Nobody has taken care of the request yet.",
        TicketStatus.OPEN: "Someone of the agency took the request; the work has not begun.",
        TicketStatus.IN_PROGRESS: "Someone of the agency answered or works on it.",
        TicketStatus.WAITING: "The work waits; `waitingOn` says for whom or what.",
        TicketStatus.DELIVERED: "The correction is available on staging.",
        TicketStatus.RESOLVED: "The problem is corrected; the ticket may still be reopened.",
        TicketStatus.CLOSED: "The result is final; what comes next is a new request.",
        TicketStatus.CANCELLED: "The request was given up before the work was done.",
        TicketStatus.MERGED: "The ticket goes on in another one.",
        TicketStatus.SPAM: "It never was a request.",
    },
)
described_enum(
    WaitingOn,
    "WaitingOn",
    "Whom or what a waiting ticket waits for; the contract says which of them stop a clock.",
    {
        WaitingOn.CLIENT: "An answer or an act of the client.",
        WaitingOn.THIRD_PARTY: "A third party: a host, an editor, a registrar.",
        WaitingOn.QUOTE_ANSWER: "The client's answer to a quote.",
        WaitingOn.CONTRACT_SUSPENDED: "The end of a suspension of the contract.",
        WaitingOn.FORCE_MAJEURE: "The end of an event that nobody could prevent.",
    },
)
described_enum(
    Channel,
    "Channel",
    "By which door a request or a message came in.",
    {
        Channel.MAIL: "A mail to the agency's address.",
        Channel.PORTAL: "The client's portal.",
        Channel.API: "This API.",
        Channel.PHONE: "A telephone call, written down.",
        Channel.CHAT: "A chat, written down.",
        Channel.MONITORING: "An alert of the monitoring.",
    },
)
described_enum(
    TicketKind,
    "TicketKind",
    "The nature of a request: the dimensions of maintenance.",
    {
        TicketKind.CORRECTIVE: "Something is broken and is to be corrected.",
        TicketKind.PREVENTIVE: "Updates and checks that keep things from breaking.",
        TicketKind.SECURITY: "A flaw, a compromise, or the protection against them.",
        TicketKind.MONITORING: "The availability or the speed of a site.",
        TicketKind.EVOLUTION: "Something new or changed is wanted.",
        TicketKind.QUESTION: "A question to the support.",
    },
)
described_enum(
    TicketEventKind,
    "TicketEventKind",
    "What can happen to a ticket; its history is made of these.",
    {
        TicketEventKind.OPENED: "The request came in.",
        TicketEventKind.AGENT_REPLIED: "A person of the agency answered publicly.",
        TicketEventKind.CLIENT_REPLIED: "The client wrote.",
        TicketEventKind.AUTOMATIC_MESSAGE: "A program wrote; this is no first response.",
        TicketEventKind.NOTE_ADDED: "An internal note was added; no client sees that.",
        TicketEventKind.ASSIGNED: "The ticket was given to a person, a team, or nobody.",
        TicketEventKind.PRIORITY_SET: "Impact, urgency and priority were decided.",
        TicketEventKind.WAITING: "The work began to wait.",
        TicketEventKind.RESUMED: "The wait ended.",
        TicketEventKind.DELIVERED: "The correction was put on staging.",
        TicketEventKind.RESOLVED: "The problem was corrected.",
        TicketEventKind.CLOSED: "The result became final.",
        TicketEventKind.REOPENED: "The ticket went on after it was finished.",
        TicketEventKind.CANCELLED: "The request was given up.",
        TicketEventKind.MARKED_SPAM: "It was found to be no request.",
        TicketEventKind.MERGED: "The ticket ended in favour of another one.",
        TicketEventKind.ABSORBED: "Another ticket ended in favour of this one.",
        TicketEventKind.LINKED: "The ticket was said to relate to another one.",
        TicketEventKind.UNLINKED: "The ticket no longer relates to another one.",
        TicketEventKind.CALL_LOGGED: "A person of the agency noted a call with the client.",
        TicketEventKind.BATCHED: "The ticket was put into a batch.",
        TicketEventKind.UNBATCHED: "The ticket was taken out of its batch.",
        TicketEventKind.BATCH_OPENED: "The batch of the ticket was opened.",
        TicketEventKind.POSTPONED: "The delivery was put off to a new date.",
        TicketEventKind.SLA_BREACHED: "A promise was broken, at the instant that is told.",
        TicketEventKind.ESCALATED: "A step of an escalation ladder came; no client sees that.",
        TicketEventKind.TIME_CORRECTED: "The instant of an earlier event was corrected.",
        TicketEventKind.REPAIRED: "What was kept of the ticket was made to match its history.",
        TicketEventKind.CLASSIFIED: "The rules proposed what it is taken for; no client sees that.",
        TicketEventKind.CLASSIFICATION_CONFIRMED: "What it is taken for was decided.",
        TicketEventKind.CLASSIFICATION_CONTESTED: "The client contested what it is taken for.",
        TicketEventKind.EXCLUDED: "Its cause was shown to be no matter of maintenance.",
        TicketEventKind.EXCLUSION_LIFTED: "An exclusion was lifted as a gesture.",
        TicketEventKind.CLIENT_THANKED: "The client said thanks on a finished ticket; nothing "
        "follows from it.",
        TicketEventKind.MESSAGE_ACCEPTED: "Somebody said that a doubtful mail is its author's; no "
        "client sees that.",
        TicketEventKind.MESSAGE_REJECTED: "Somebody said that a doubtful mail is not its "
        "author's; no client sees that.",
        TicketEventKind.REQUESTER_SET: "Somebody said whose request it is; no client sees that.",
    },
)
described_enum(
    LinkKind,
    "LinkKind",
    "How one ticket relates to another.",
    {
        LinkKind.RELATED: "Both are about the same matter.",
        LinkKind.CAUSED_BY: "The first one is a consequence of the second one.",
        LinkKind.FOLLOWS: "The first one continues the second one, which was closed.",
    },
)
described_enum(
    Priority,
    "Priority",
    "The order in which tickets are handled, and the row of the SLA that applies.",
    {
        Priority.P0: "Critical: the service is down or data is compromised.",
        Priority.P1: "Urgent: a critical function is degraded.",
        Priority.P2: "Normal: visible, but it blocks nobody.",
        Priority.P3: "Low: an improvement, a light evolution or a question.",
    },
)
described_enum(
    Impact,
    "Impact",
    "How much of the service is hit.",
    {
        Impact.CRITICAL: "The whole service, or data.",
        Impact.MAJOR: "A critical function.",
        Impact.MINOR: "Something visible that blocks nobody.",
        Impact.NONE: "Nothing works worse than before.",
    },
)
described_enum(
    Urgency,
    "Urgency",
    "How long the client can go on without a solution.",
    {
        Urgency.HIGH: "Not at all.",
        Urgency.NORMAL: "For a while.",
        Urgency.LOW: "For as long as it takes.",
    },
)
described_enum(
    Criticality,
    "Criticality",
    "What a site is worth to the client's business; it never decides the priority.",
    {
        Criticality.VITAL: "The business stops without it.",
        Criticality.IMPORTANT: "The business suffers without it.",
        Criticality.STANDARD: "The business goes on without it for a while.",
    },
)
described_enum(
    SecuritySign,
    "SecuritySign",
    "What makes a ticket a security incident, hence P0.",
    {
        SecuritySign.DATA_COMPROMISED: "Data was read, changed or taken by a stranger.",
        SecuritySign.FLAW_EXPLOITED: "A flaw is being exploited.",
    },
)

__all__ = [
    "Channel",
    "Criticality",
    "Impact",
    "LinkKind",
    "Priority",
    "SecuritySign",
    "TicketEventKind",
    "TicketKind",
    "TicketStatus",
    "Urgency",
    "WaitingOn",
]
