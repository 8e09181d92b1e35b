"""A webhook leads to a public machine over https, or nowhere."""

import pytest

from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.message import TextRequired, TextTooLong
from helpdesk.domain.webhook_address import (
    URL_LIMIT,
    WebhookAddressRules,
    WebhookHostPrivate,
    WebhookUrlHasFragment,
    WebhookUrlHasLogin,
    WebhookUrlInsecure,
    WebhookUrlInvalid,
    is_public,
)

PUBLIC = WebhookAddressRules()
ANYWHERE = WebhookAddressRules(allows_private=True)

PUBLIC_ADDRESSES = [
    "93.184.216.34",
    "8.8.8.8",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]
OTHER_ADDRESSES = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - an address that must not be called
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_machine_of_the_internet_may_be_called(address: str) -> None:
    assert is_public(address)
    assert PUBLIC.may_call(address)


@pytest.mark.parametrize("address", OTHER_ADDRESSES)
def test_no_other_machine_is_public(address: str) -> None:
    assert not is_public(address)
    assert not PUBLIC.may_call(address)
    assert ANYWHERE.may_call(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org/hooks?team=care&x=%C3%A9",
        "https://hooks.example.org:8443/a/b",
        "HTTPS://Example.org/",
        "https://xn--caf-dma.example/",
        "https://93.184.216.34/hooks",
        "https://[2606:4700::1111]:8443/hooks",
    ],
)
def test_a_public_address_over_https_is_taken_as_it_is(url: str) -> None:
    assert PUBLIC.url(f" {url}\n") == url


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("", TextRequired),
        ("https://example.org/" + "x" * URL_LIMIT, TextTooLong),
        ("example.org/hooks", WebhookUrlInvalid),
        ("ftp://example.org/", WebhookUrlInvalid),
        ("file:///etc/passwd", WebhookUrlInvalid),
        ("gopher://example.org/", WebhookUrlInvalid),
        ("https://", WebhookUrlInvalid),
        ("https:///hooks", WebhookUrlInvalid),
        ("https://example.org:99999/", WebhookUrlInvalid),
        ("https://example.org:0/", WebhookUrlInvalid),
        ("https://example.org:http/", WebhookUrlInvalid),
        ("https://exa mple.org/", WebhookUrlInvalid),
        ("https://example.org/a\r\nHost: evil.example", WebhookUrlInvalid),
        ("https://example.org\\@127.0.0.1/", WebhookUrlInvalid),
        ("https://café.example/", WebhookUrlInvalid),
        ("https://exa%6dple.org/", WebhookUrlInvalid),
        ("https://[::1", WebhookUrlInvalid),
        ("https://[fe80::1%25eth0]/", WebhookUrlInvalid),
        ("https://.example.org/", WebhookUrlInvalid),
        ("http://example.org/", WebhookUrlInsecure),
        ("http://localhost:8000/", WebhookUrlInsecure),
        ("https://alice:secret@example.org/", WebhookUrlHasLogin),
        ("https://@example.org/", WebhookUrlHasLogin),
        ("https://example.org/#top", WebhookUrlHasFragment),
        ("https://example.org/#", WebhookUrlHasFragment),
        ("https://localhost/", WebhookHostPrivate),
        ("https://LOCALHOST:8000/", WebhookHostPrivate),
        ("https://127.0.0.1/", WebhookHostPrivate),
        ("https://10.0.0.1/", WebhookHostPrivate),
        ("https://[::1]/", WebhookHostPrivate),
        ("https://[::ffff:7f00:1]/", WebhookHostPrivate),
    ],
)
def test_what_cannot_be_called_safely_is_refused(url: str, refusal: type[HelpdeskError]) -> None:
    with pytest.raises(HelpdeskError) as refused:
        PUBLIC.url(url)

    assert refused.type is refusal
    assert refused.value.path == ("url",)


def test_a_refusal_does_not_repeat_a_password() -> None:
    with pytest.raises(WebhookUrlHasLogin) as refused:
        PUBLIC.url("https://alice:secret@example.org/")

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/hooks",
        "http://127.0.0.1/",
        "http://[::1]:8000/",
        "https://localhost/",
        "https://10.0.0.1/",
    ],
)
def test_an_installation_may_allow_its_own_network(url: str) -> None:
    assert ANYWHERE.url(url) == url


@pytest.mark.parametrize(
    "url", ["http://example.org/", "http://10.0.0.1/", "http://localhost.example/"]
)
def test_even_then_http_leads_to_this_machine_alone(url: str) -> None:
    with pytest.raises(WebhookUrlInsecure):
        ANYWHERE.url(url)
