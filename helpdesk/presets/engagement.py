"""The words of the engagement models and of the dimensions of maintenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeVar

from helpdesk.domain.engagement import EngagementModel
from helpdesk.domain.errors import Locale
from helpdesk.domain.plan import Text, TmaDimension
from helpdesk.presets.files import read_document

Named = TypeVar("Named", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class NamedPreset:
    """Something of the sources in words: its name, what it means, its codes, where it stands."""

    label: Text
    principle: Text
    codes: tuple[str, ...]
    source: str


@cache
def engagement_models() -> Mapping[EngagementModel, NamedPreset]:
    """Return the four ways to commit to maintenance."""
    return _named(EngagementModel, "models")


@cache
def tma_dimensions() -> Mapping[TmaDimension, NamedPreset]:
    """Return the five dimensions of maintenance, in the order of the guide."""
    return _named(TmaDimension, "dimensions")


def _named(kind: type[Named], name: str) -> Mapping[Named, NamedPreset]:
    return {
        kind(code): NamedPreset(
            label={locale: each["label"][locale.value] for locale in Locale},
            principle={locale: each["principle"][locale.value] for locale in Locale},
            codes=tuple(each["codes"]),
            source=each["source"],
        )
        for code, each in read_document("engagement.yaml")[name].items()
    }
