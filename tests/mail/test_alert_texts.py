"""What is written about a promise in danger, in both languages."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.domain.errors import Locale
from helpdesk.domain.sla import SlaMetric
from helpdesk.mail.alert_texts import Danger, Rule, critical, to_agent, to_client
from helpdesk.mail.texts import Letterhead

PARIS = ZoneInfo("Europe/Paris")
DUE, BROKEN = datetime(2026, 7, 6, 13, tzinfo=PARIS), datetime(2026, 7, 6, 13, tzinfo=PARIS)
RULE = Rule(reference="TMA-7", version=2, level=3, step="+60min", priority="P0", client="Bruno SA")
STANDINGS = {
    "holds": (DUE, None),
    "broken": (DUE, BROKEN),
    "paused": (None, None),
}


def head(locale: Locale) -> Letterhead:
    return Letterhead(
        locale=locale,
        agency_name="Agency",
        recipient_name="Ines",
        ticket_number=12,
        ticket_subject="Down",
    )


def danger(standing: str, metric: SlaMetric = SlaMetric.RESOLUTION) -> Danger:
    deadline_at, broken_at = STANDINGS[standing]
    return Danger(
        metric=metric,
        deadline_at=deadline_at,
        broken_at=broken_at,
        seconds_left=5400,
        seconds_over=3600,
    )


@pytest.mark.parametrize(
    ("locale", "standing", "said"),
    [
        (Locale.FR, "holds", "Résolution : à tenir avant le lundi 6 juillet à 13 h 00."),
        (Locale.FR, "holds", "Il reste 1 h 30 min de temps compté."),
        (Locale.FR, "broken", "engagement rompu depuis le lundi 6 juillet à 13 h 00, 1 h de temps"),
        (Locale.FR, "paused", "le délai est suspendu. Il restera 1 h 30 min"),
        (Locale.EN, "holds", "due before Monday 6 July at 13:00. 1 h 30 min of counted time"),
        (Locale.EN, "broken", "has been broken since Monday 6 July at 13:00, 1 h of counted"),
        (Locale.EN, "paused", "the time is suspended. 1 h 30 min of counted time will be left"),
    ],
)
def test_an_agent_reads_which_promise_what_is_left_and_by_which_rule(
    locale: Locale, standing: str, said: str
) -> None:
    mail = to_agent(head(locale), danger(standing), RULE)

    assert (
        mail.subject
        == {
            Locale.FR: "[#12] Alerte niveau 3 (Résolution) : Down",
            Locale.EN: "[#12] Alert level 3 (Resolution): Down",
        }[locale]
    )
    assert said in mail.text
    for word in ("TMA-7", "+60min", "P0", "Bruno SA", "12"):
        assert word in mail.text


@pytest.mark.parametrize(
    ("locale", "said"), [(Locale.FR, "rompu à l'instant"), (Locale.EN, "just been broken")]
)
def test_a_promise_that_breaks_now_is_over_by_nothing(locale: Locale, said: str) -> None:
    mail = to_agent(head(locale), replace(danger("broken"), seconds_over=0), RULE)

    assert said in mail.text
    assert "0 s" not in mail.text


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("metric", SlaMetric)
def test_a_client_reads_nothing_of_the_inside(
    locale: Locale, standing: str, metric: SlaMetric
) -> None:
    text = to_client(head(locale), danger(standing, metric)).text

    assert "Down" in text
    assert ("13" in text) is (standing != "paused")
    for word in ("level", "niveau", "escal", "%", "P0", "{", "}"):
        assert word not in text.lower()


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_critical_incident_without_any_promise_is_told_all_the_same(
    locale: Locale,
    is_new: bool,  # noqa: FBT001 - one of the cases
) -> None:
    mail = critical(
        head(locale),
        is_new=is_new,
        answer_by=None,
        news_by=None,
        news_every_seconds=None,
        is_in_opening_hours=False,
    )

    assert ("critique" if locale is Locale.FR else "critical") in mail.text
    assert "{" not in mail.text
