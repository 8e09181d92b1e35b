"""The words of a classification: natures of requests, where they stand, who pays, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from helpdesk.domain.classification import Coverage, Funding, RequestNature, WhyCovered
from helpdesk.domain.errors import Locale
from helpdesk.domain.exclusion import EvidenceKind, ExclusionCause
from helpdesk.domain.plan import Text
from helpdesk.presets.files import read_document

# A YAML document: what each value is, only its reader below knows.
_Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NaturePreset:
    """A nature of requests: its name, its source, its row in the guide's table if any."""

    label: Text
    source: str
    table_row: int | None


@dataclass(frozen=True, slots=True)
class ExclusionPreset:
    """A cause outside maintenance: its name, its code in the source, what usually shows it."""

    label: Text
    source: str
    code: str
    evidence: tuple[EvidenceKind, ...]


@dataclass(frozen=True, slots=True)
class ClassificationPreset:
    """All that a reader is told about a classification, in both languages."""

    natures: Mapping[RequestNature, NaturePreset]
    coverages: Mapping[Coverage, Text]
    fundings: Mapping[Funding, Text]
    reasons: Mapping[WhyCovered, Text]


@cache
def classification_preset() -> ClassificationPreset:
    """Return the words of classifications."""
    document = read_document("classification.yaml")
    return ClassificationPreset(
        natures={
            RequestNature(code): NaturePreset(
                _text(each["label"]), each["source"], each["table_row"]
            )
            for code, each in document["natures"].items()
        },
        coverages={Coverage(code): _text(each) for code, each in document["coverages"].items()},
        fundings={Funding(code): _text(each) for code, each in document["fundings"].items()},
        reasons={WhyCovered(code): _text(each) for code, each in document["reasons"].items()},
    )


@cache
def exclusion_presets() -> Mapping[ExclusionCause, ExclusionPreset]:
    """Return the causes outside maintenance in words."""
    return {
        ExclusionCause(cause): ExclusionPreset(
            _text(each["label"]),
            each["source"],
            each["code"],
            tuple(map(EvidenceKind, each["evidence"])),
        )
        for cause, each in read_document("exclusions.yaml")["causes"].items()
    }


def _text(document: _Document) -> Text:
    return {locale: document[locale.value] for locale in Locale}
