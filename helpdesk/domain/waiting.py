"""Whom or what a ticket waits for."""

from enum import StrEnum


class WaitingOn(StrEnum):
    """Whom or what a waiting ticket waits for; the contract says which of them stop a clock."""

    CLIENT = "CLIENT"
    THIRD_PARTY = "THIRD_PARTY"
    QUOTE_ANSWER = "QUOTE_ANSWER"
    CONTRACT_SUSPENDED = "CONTRACT_SUSPENDED"
    FORCE_MAJEURE = "FORCE_MAJEURE"
