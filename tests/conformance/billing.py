"""The cases of billing_cases.json, put to the rules of money, time and contracts.

An adapter answers with every value it knows under the names of the cases; a case compares those
that it names.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.conformance.billing_compensation import OPERATIONS as COMPENSATION_OPERATIONS
from tests.conformance.billing_credit_notes import OPERATIONS as CREDIT_NOTE_OPERATIONS
from tests.conformance.billing_credits import OPERATIONS as CREDIT_OPERATIONS
from tests.conformance.billing_diagnostics import OPERATIONS as DIAGNOSTICS_OPERATIONS
from tests.conformance.billing_einvoices import OPERATIONS as EINVOICE_OPERATIONS
from tests.conformance.billing_fields import read_fields
from tests.conformance.billing_ledger import OPERATIONS as LEDGER_OPERATIONS
from tests.conformance.billing_report import OPERATIONS as REPORT_OPERATIONS
from tests.conformance.billing_uptime import OPERATIONS as UPTIME_OPERATIONS
from tests.conformance.outcome import Outcome

Case = Mapping[str, Any]  # decoded JSON, whose fields depend on the operation
Operation = Callable[[Any], Any]

CONTRACTS = "tests.conformance.billing_contracts"
NOT_IMPLEMENTED = "not implemented"

WORDS: Mapping[str, str] = {
    "report_mention": "monthly_report_mention",
    "escalation": "automatic_escalation",
    "postponement": "documented_postponement",
    "credit": "credit_note",
    "third_party": "third_party_intervention",
    "client": "client_intervention",
    "host_failure": "hosting_failure",
    "held": "accepted",
}
"""Words of the cases that name the same thing: spellings are illustrative, values are compared."""


def operations() -> Mapping[str, Operation]:
    """Return the adapter of each operation that is implemented."""
    contracts = import_module(CONTRACTS).OPERATIONS if find_spec(CONTRACTS) else {}
    return {
        **contracts,
        **COMPENSATION_OPERATIONS,
        **CREDIT_OPERATIONS,
        **CREDIT_NOTE_OPERATIONS,
        **DIAGNOSTICS_OPERATIONS,
        **EINVOICE_OPERATIONS,
        **LEDGER_OPERATIONS,
        **REPORT_OPERATIONS,
        **UPTIME_OPERATIONS,
    }


def run(paths: Iterable[Path]) -> Iterator[Outcome]:
    """Return the outcome of every case of the files."""
    known = operations()
    for path in paths:
        file = json.loads(path.read_text(encoding="utf-8"))
        for case in file["cases"]:
            yield _outcome(case, known.get(case["op"]), file)


def _outcome(case: Case, operation: Operation | None, file: Case) -> Outcome:
    wanted = case["expect"]
    if operation is None:
        return Outcome(case["id"], f"{case['op']} {NOT_IMPLEMENTED}", wanted, passed=False)
    given = {"calendars": file.get("calendars", {}), **case["given"]}
    unknown: list[str] = []
    try:
        answer = operation(read_fields(case["op"], given, unknown))
    except Exception as error:  # a case that raises is a failed case, whatever it raises
        answered = f"{type(error).__name__}: {error}{_left_aside(unknown)}"
        return Outcome(case["id"], answered, wanted, passed=False)
    got = {name: answer.get(name, "no answer") for name in wanted}
    passed = _same(got, wanted)
    shown = f"{got}{_left_aside(unknown)}" if unknown and not passed else got
    return Outcome(case["id"], shown, wanted, passed)


def _left_aside(unknown: Iterable[str]) -> str:
    names = ", ".join(unknown)
    return f" (without its unknown fields {names})" if names else ""


def _same(got: Any, wanted: Any) -> bool:
    """Return whether two decoded values are the same, instants being compared as instants."""
    if isinstance(wanted, dict) and isinstance(got, Mapping):
        return got.keys() == wanted.keys() and all(_same(got[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list) and isinstance(got, list | tuple):
        return len(got) == len(wanted) and all(map(_same, got, wanted))
    if isinstance(wanted, str) and isinstance(got, str):
        return (
            WORDS.get(got, got) == WORDS.get(wanted, wanted)
            or _instant(got) == _instant(wanted) is not None
        )
    return type(got) is type(wanted) and bool(got == wanted)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
