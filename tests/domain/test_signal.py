"""Warning signals go up and down, and three of them together call for an audit."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from helpdesk.domain.ids import SignalEpisodeId, SiteId
from helpdesk.domain.signal import (
    RULE_OF_THREE,
    Signal,
    SignalAction,
    SignalChange,
    SignalDown,
    SignalEpisode,
    SignalUp,
    calls_for,
    cleared,
    raised,
    signals_up,
)
from tests.factories import ALICE, MONDAY

TODAY = date(2026, 7, 6)
CHANGE = SignalChange(TODAY, MONDAY, ALICE, "the host says so")


def an_episode(signal: Signal = Signal.NO_STAGING) -> SignalEpisode:
    return SignalEpisode(SignalEpisodeId("episode-1"), SiteId("bruno.example"), signal, CHANGE)


def test_the_rule_of_three_is_the_conjunction_of_exactly_three_signals() -> None:
    others = set(Signal) - RULE_OF_THREE

    assert {one.value for one in RULE_OF_THREE} == {
        "NO_STAGING",
        "UPDATES_NEVER_DONE",
        "BACKUP_UNTESTED",
    }
    assert calls_for(RULE_OF_THREE) is SignalAction.IMMEDIATE_AUDIT
    for two in combinations(RULE_OF_THREE, 2):
        assert calls_for(others | set(two)) is SignalAction.NONE


def test_a_signal_is_up_until_it_is_cleared() -> None:
    episode = raised([], an_episode())

    down = cleared([episode], Signal.NO_STAGING, CHANGE)

    assert signals_up([episode]) == {Signal.NO_STAGING: episode}
    assert down == replace(episode, cleared=CHANGE)
    assert signals_up([down]) == {}


def test_a_signal_that_is_up_is_not_raised_again() -> None:
    episode = an_episode()

    with pytest.raises(SignalUp) as refused:
        raised([episode], an_episode())

    assert refused.value.values == {"signal": Signal.NO_STAGING, "since": TODAY}


def test_a_signal_that_was_cleared_may_be_raised_again() -> None:
    before = replace(an_episode(), cleared=CHANGE)

    assert raised([before], an_episode()).is_up


def test_a_signal_that_is_not_up_cannot_be_cleared() -> None:
    with pytest.raises(SignalDown):
        cleared([an_episode()], Signal.NO_REPORT, CHANGE)
