"""The identities of the engine's things: opaque strings that do not mix."""

from typing import NewType

AgencyId = NewType("AgencyId", str)
TeamId = NewType("TeamId", str)
AgentId = NewType("AgentId", str)
BatchId = NewType("BatchId", str)
TokenId = NewType("TokenId", str)
ClientId = NewType("ClientId", str)
SiteId = NewType("SiteId", str)
ContactId = NewType("ContactId", str)
CalendarId = NewType("CalendarId", str)
ContractId = NewType("ContractId", str)
TicketId = NewType("TicketId", str)
TicketEventId = NewType("TicketEventId", str)
MessageId = NewType("MessageId", str)
AttachmentId = NewType("AttachmentId", str)
InboundMailId = NewType("InboundMailId", str)
OutboxMailId = NewType("OutboxMailId", str)
WebhookId = NewType("WebhookId", str)
WebhookDeliveryId = NewType("WebhookDeliveryId", str)
CorrectionId = NewType("CorrectionId", str)
QuoteId = NewType("QuoteId", str)
