"""Who hands mails to the listener."""

import pytest

from helpdesk.domain.mail_peer import is_our_server, relays_in


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", None])
def test_this_machine_is_ours(peer: str | None) -> None:
    assert is_our_server(peer, ())


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "", "x"])
def test_any_other_machine_is_a_stranger(peer: str) -> None:
    assert not is_our_server(peer, ())


def test_what_the_operator_names_is_ours_and_nothing_beside_it() -> None:
    relays = relays_in("10.0.0.0/24, 192.0.2.7,2001:db8::/32")

    assert is_our_server("10.0.0.9", relays)
    assert is_our_server("::ffff:10.0.0.9", relays)
    assert is_our_server("192.0.2.7", relays)
    assert is_our_server("2001:db8::5", relays)
    assert not is_our_server("10.0.1.9", relays)
    assert not is_our_server("192.0.2.8", relays)


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match=r"mx\.alice\.example"):
        relays_in("mx.alice.example")
