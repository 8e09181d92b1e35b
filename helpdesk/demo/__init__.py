"""A French agency and its year of tickets, to look around in."""
