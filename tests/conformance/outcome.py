"""What a case with a known answer came to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: what the engine answered beside what was wanted."""

    case: str
    got: object
    wanted: object
    passed: bool
