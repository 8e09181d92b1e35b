"""The emergency procedure of a contract: whom to call, how to go back, who takes over."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk.domain.access import Actor
from helpdesk.domain.errors import ErrorCode, HelpdeskError
from helpdesk.domain.ids import ContractId
from helpdesk.domain.secret_text import require_no_secret


class EmergencyProcedureIncomplete(HelpdeskError):
    """In the middle of a crisis nobody looks for the missing third (002 B5, REQ-C22)."""

    code: ClassVar[ErrorCode] = ErrorCode.REQUIRED
    english: ClassVar[str] = (
        "An emergency procedure says whom to call, how to roll back and how to escalate: {missing} "
        "is missing."
    )
    french: ClassVar[str] = (
        "Une procédure d'urgence dit qui appeler, comment revenir en arrière et comment escalader :"
        " il manque {missing}."
    )


@dataclass(frozen=True, slots=True)
class EmergencyContact:
    """Somebody to call, by telephone or by mail, and what for. Raises the refusals below."""

    name: str
    role: str
    phone: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        """Refuse somebody who cannot be reached."""
        for field in ("name", "role"):
            _required(getattr(self, field), field=field)
        if not self.phone.strip() and not self.email.strip():
            raise EmergencyProcedureIncomplete(path=("contacts",), missing="phone")


@dataclass(frozen=True, slots=True)
class EmergencyProcedure:
    """What is done when everything is down: contacts, rollback, escalation (002 B5).

    Raises EmergencyProcedureIncomplete and SecretRefused.
    """

    contacts: tuple[EmergencyContact, ...]
    rollback: str
    escalation: str

    def __post_init__(self) -> None:
        """Refuse a procedure with a hole or with a secret in it."""
        if not self.contacts:
            raise EmergencyProcedureIncomplete(path=("contacts",), missing="contacts")
        _required(self.rollback, field="rollback")
        _required(self.escalation, field="escalation")


@dataclass(frozen=True, slots=True)
class ProcedureVersion:
    """A version of the emergency procedure of a contract: who set it, and when."""

    contract_id: ContractId
    version: int
    procedure: EmergencyProcedure
    at: datetime
    by: Actor


def _required(text: str, *, field: str) -> None:
    if not text.strip():
        raise EmergencyProcedureIncomplete(path=(field,), missing=field)
    require_no_secret(text, field=field)
