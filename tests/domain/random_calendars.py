"""Random opening hours over twenty days in which the clocks change and Easter Monday falls."""

from datetime import date

from hypothesis import strategies as st

from helpdesk.domain.business_time import BusinessHours, Span, Weekday

# The clock change of 29 March and Easter Monday, 6 April 2026.
FIRST, LAST = date(2026, 3, 23), date(2026, 4, 11)
EASTER_MONDAY = date(2026, 4, 6)
ZONES = ("Europe/Paris", "America/New_York", "UTC", "Pacific/Kiritimati", "Pacific/Honolulu")

# Inside the gap of 29 March the wall clock has no minute to ask: boundaries there have their own
# tests, in test_business_clock_changes.py.
boundaries = st.integers(0, 1440).filter(lambda minute: not 120 < minute < 180)


@st.composite
def days_of_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Return up to two spans within one day."""
    bounds = sorted(draw(st.lists(boundaries, min_size=4, max_size=4, unique=True)))
    count = draw(st.integers(0, 2))
    return tuple(Span(start, end) for start, end in (bounds[:2], bounds[2:]))[:count]


@st.composite
def calendars(draw: st.DrawFn) -> BusinessHours:
    """Return hours with a long Tuesday, often into the night, and exceptions around Easter."""
    week = {weekday: draw(days_of_spans()) for weekday in Weekday}
    week[Weekday.WEDNESDAY] = ()
    week[Weekday.TUESDAY] = (Span(draw(st.integers(600, 1439)), draw(st.integers(1, 1440))),)
    some_days = st.dictionaries(st.dates(FIRST, LAST), days_of_spans(), max_size=2)
    return BusinessHours(
        draw(st.sampled_from(ZONES)),
        week,
        holidays=frozenset({EASTER_MONDAY}),
        overrides=draw(some_days),
        breaks=draw(some_days),
        holiday_truncates=draw(st.booleans()),
    )
