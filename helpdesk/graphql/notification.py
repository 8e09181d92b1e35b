"""What a reader is told about by mail, and when: shown, and chosen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry

from helpdesk.domain.ids import AgentId, ContactId
from helpdesk.domain.notification import Delivery, NotificationTopic, ReaderKind
from helpdesk.domain.unsubscribe import Reader
from helpdesk.graphql.fields import POINTS, attribute, described_enum, optional
from helpdesk.graphql.global_ids import id_of, parse_id
from helpdesk.graphql.mutating import MutationInput, Outcome, mutation, payload
from helpdesk.graphql.request import Info, Request
from helpdesk.usecases.notification_preferences import (
    Choice,
    SetPreferences,
    ShownPreference,
    notification_preferences,
    own_reader,
    set_notification_preferences,
)
from helpdesk.usecases.read_models import Noun, Thing

MOST_TOPICS = 10
"""About how many topics a reader has, for the cost of a query."""

described_enum(
    NotificationTopic,
    "NotificationTopic",
    "What mails are about; a reader chooses topic by topic.",
    {
        NotificationTopic.CONVERSATION: "For a client: what the agency answers him, quotes, "
        "batches, critical requests. It cannot be left.",
        NotificationTopic.CONTRACT: "For a client: renewals, prices, credit notes, reports. It "
        "cannot be left.",
        NotificationTopic.RECEIPTS: "For a client: that his request has arrived.",
        NotificationTopic.YOUR_TURN: "For a client: that a request waits for him, to answer or to "
        "check.",
        NotificationTopic.PROGRESS: "For a client: that a request of his was opened, resolved, "
        "closed, reopened, cancelled or merged.",
        NotificationTopic.COLLEAGUES: "For a client: the same of the requests of the others on "
        "his side.",
        NotificationTopic.ALERTS: "For the agency: promises in danger, critical tickets, loops. "
        "It cannot be left.",
        NotificationTopic.NEW_TICKETS: "For the agency: tickets that were opened.",
        NotificationTopic.ASSIGNMENTS: "For the agency: tickets given to him or to his team.",
        NotificationTopic.CLIENT_NEWS: "For the agency: clients who answered, reopened or "
        "contested.",
        NotificationTopic.NOTES: "For the agency: internal notes on his tickets.",
        NotificationTopic.QUOTE_ANSWERS: "For the agency: quotes accepted or refused.",
        NotificationTopic.DOUBTFUL_MAIL: "For the agency: mails that may not be their author's. "
        "It can wait for a digest, and cannot be left.",
        NotificationTopic.UPKEEP: "For the agency: webhooks that were disabled.",
    },
)
described_enum(
    Delivery,
    "NotificationDelivery",
    "When a reader is told. What concerns a P0 is told at once, unless it is switched off.",
    {
        Delivery.NOW: "At once, in a mail of its own.",
        Delivery.WORKING_HOURS: "At once in the agency's working hours, else in the next digest.",
        Delivery.DIGEST: "In one mail at 08:00 of the agency's next working day.",
        Delivery.OFF: "Never.",
    },
)


@strawberry.type(description="When a reader is told about a topic.")
class NotificationPreference:
    """When a reader is told about a topic."""

    topic: NotificationTopic = attribute("What mails are about.")
    delivery: Delivery = attribute("When he is told.")
    choices: list[Delivery] = attribute("What he may choose.")
    is_mandatory: bool = attribute("Whether there is nothing to choose.")
    set_at: datetime | None = attribute("When it was chosen; absent while it is the default.")
    set_by_name: str | None = attribute("Who chose it; absent while it is the default.")


@strawberry.input(description="When to be told about a topic.")
class NotificationPreferenceInput:
    """When to be told about a topic."""

    topic: NotificationTopic = attribute("What mails are about.")
    delivery: Delivery = attribute("When to be told.")


@strawberry.input(description="When a reader is told about which topics.")
class SetNotificationPreferencesInput(MutationInput):
    """When a reader is told about which topics."""

    preferences: list[NotificationPreferenceInput] = attribute(
        "What changes; topics that are left out stay as they are."
    )
    reader_id: strawberry.ID | None = optional(
        "The agent or the contact; the viewer himself if left out. Others are a manager's."
    )


SetNotificationPreferencesPayload = payload(
    "SetNotificationPreferencesPayload",
    "A reader who chose.",
    preferences=(list[NotificationPreference], "All of his preferences."),
)


async def preferences_set(request: Request, given: SetNotificationPreferencesInput) -> Outcome:
    """Write what a reader chose."""
    asked = SetPreferences(
        tuple(Choice(one.topic, one.delivery) for one in given.preferences),
        _reader(given.reader_id),
    )
    chosen = await set_notification_preferences(request.desk, viewer=request.viewer, request=asked)
    return {"preferences": preference_things(chosen)}


async def own_preferences(request: Request) -> list[Thing]:
    """Return the preferences of the viewer; none for a program, which reads no mail."""
    if own_reader(request.viewer) is None:
        return []
    return preference_things(await notification_preferences(request.desk, viewer=request.viewer))


def preference_things(shown: Sequence[ShownPreference]) -> list[Thing]:
    """Return preferences as the API shows them."""
    return [
        Thing(
            topic=one.topic,
            delivery=one.delivery,
            choices=list(one.choices),
            is_mandatory=one.is_mandatory,
            set_at=one.set_at,
            set_by_name=one.set_by,
        )
        for one in shown
    ]


def _reader(given: str | None) -> Reader | None:
    """Return whom an identity names. Raises IdMalformed and IdOfOtherType."""
    if given is None:
        return None
    path = ("readerId",)
    noun, thing_id = parse_id(given, path=path)
    if noun is Noun.AGENT:
        return Reader(ReaderKind.AGENT, AgentId(thing_id))
    return Reader(ReaderKind.CONTACT, ContactId(id_of(Noun.CONTACT, given, path=path)))


_READER_ID = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The agent or the contact; the viewer himself if left out."),
]


# Any: things stand for the declared types.
@strawberry.type
class NotificationQuery:
    """What can be asked about notifications."""

    @strawberry.field(
        description="When a reader is told by mail about what, topic by topic.",
        graphql_type=list[NotificationPreference],
        metadata={POINTS: MOST_TOPICS},
    )
    async def notification_preferences(
        self, info: Info, reader_id: _READER_ID = strawberry.UNSET
    ) -> Any:
        """Return the preferences of a reader."""
        info.context.wanted(info.path)
        request = info.context
        shown = await notification_preferences(
            request.desk, viewer=request.viewer, reader=_reader(reader_id or None)
        )
        return preference_things(shown)


@strawberry.type
class NotificationMutation:
    """What can be done about notifications."""

    set_notification_preferences = mutation(
        "Choose when a reader is told by mail about what: one's own mails, or for a manager those "
        "of anybody. What a contract promises to tell cannot be switched off.",
        preferences_set,
        given=SetNotificationPreferencesInput,
        gives=SetNotificationPreferencesPayload,
    )
