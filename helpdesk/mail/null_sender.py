"""The sender of what answers no letter: mail servers write him in three ways."""

_NOBODY = frozenset({"", "mailer-daemon"})


def envelope_address(given: str) -> str:
    """Return the address of an envelope without its brackets, empty for the null sender.

    Postfix tells a pipe that the null sender is called MAILER-DAEMON; with a domain behind it, it
    is an address like others.

    >>> envelope_address("<>"), envelope_address("MAILER-DAEMON"), envelope_address("<a@b.example>")
    ('', '', 'a@b.example')
    """
    address = given.strip().removeprefix("<").removesuffix(">").strip()
    return "" if address.lower() in _NOBODY else address
