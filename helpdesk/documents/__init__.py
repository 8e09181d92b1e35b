"""Documents for people: typeset pages and printable HTML, from plain data."""
