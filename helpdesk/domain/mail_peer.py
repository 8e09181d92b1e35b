"""Who handed a mail to our SMTP listener: our own mail server, or a stranger."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address


def is_our_server(peer: str | None, relays: Iterable[str]) -> bool:
    """Return whether the machine at `peer` is a mail server of ours, whose word is taken.

    This machine is, and the `relays` that the operator names, addresses or networks. None is a
    mail that came by a door which strangers do not reach.

    >>> is_our_server("127.0.0.1", ()), is_our_server("192.0.2.1", ())
    (True, False)
    >>> is_our_server("10.0.0.7", ["10.0.0.0/24"]), is_our_server(None, ())
    (True, True)
    """
    if peer is None:
        return True
    address = peer_address(peer)
    if address is None:
        return False
    return address.is_loopback or any(address in ip_network(one, strict=False) for one in relays)


def peer_address(peer: str) -> Address | None:
    """Return the address of a machine, an IPv4 one in IPv6 clothes as itself; None when it is none.

    >>> peer_address("::ffff:192.0.2.1"), peer_address("somewhere")
    (IPv4Address('192.0.2.1'), None)
    """
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def relays_in(text: str) -> tuple[str, ...]:
    """Return the addresses and networks of a list with commas. Raises ValueError on others.

    >>> relays_in(" 10.0.0.0/24, 192.0.2.7 ")
    ('10.0.0.0/24', '192.0.2.7')
    """
    named = tuple(filter(None, (one.strip() for one in text.split(","))))
    for one in named:
        ip_network(one, strict=False)
    return named
