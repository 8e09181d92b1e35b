"""Authentication-Results fields as servers write them (RFC 8601)."""

import pytest

from helpdesk.domain.mail_trust import AuthMethod
from helpdesk.mail.authentication import MAX_FIELDS, MAX_FINDINGS
from helpdesk.mail.parse import parse_email

ENTRANCE = "Received: from far.example (far.example [192.0.2.1]) by mx.alice.example; now"


def found_in(*lines: str) -> list[tuple[str, AuthMethod, str, str, bool]]:
    raw = "\r\n".join((*lines, "From: bruno@bruno.example", "", "Hello"))
    return [
        (one.authserv_id, one.method, one.result, one.domain, one.is_above_entrance)
        for one in parse_email(raw.encode()).authentication
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "mx.google.com; spf=neutral (google.com: 203.12.160.161 is neither permitted; nor"
            " denied by domain of a@bruno.example) smtp.mail=a@bruno.example",
            [("mx.google.com", AuthMethod.SPF, "neutral", "bruno.example")],
        ),
        (
            "mxs.test.it;\r\n spf=pass (mx34: domain of ggg.com designates it\r\n as permitted)"
            " smtp.mailfrom=noreply@ggg.com\r\n smtp.helo=smtp11.ggg.com;\r\n\t dkim=pass"
            " header.d=ggg.com",
            [
                ("mxs.test.it", AuthMethod.SPF, "pass", "ggg.com"),
                ("mxs.test.it", AuthMethod.DKIM, "pass", "ggg.com"),
            ],
        ),
        (
            " gmx.net; dkim=pass header.i=@proxforge.de",
            [("gmx.net", AuthMethod.DKIM, "pass", "proxforge.de")],
        ),
        (
            "mail.example; spf=None smtp.mailfrom=www-data@vps.ovh.net",
            [("mail.example", AuthMethod.SPF, "none", "vps.ovh.net")],
        ),
        (
            'MX.Example 1; DMARC/1=Pass (p=reject (dis=none)) Header.From="Bruno.Example."',
            [("mx.example", AuthMethod.DMARC, "pass", "bruno.example")],
        ),
        (
            'mx.example; dkim=pass reason="good; dmarc=pass header.from=bank.example"'
            " header.i=@x.example header.d=bruno.example",
            [("mx.example", AuthMethod.DKIM, "pass", "bruno.example")],
        ),
        ("mx.example; none", []),
        ("mx.example", []),
        ("", []),
        ("two words; dkim=pass header.d=bruno.example", []),
        ("mx.example; iprev=pass policy.iprev=192.0.2.1; auth=pass; dkim; spf=", []),
        ("mx.example; dkim=pass", [("mx.example", AuthMethod.DKIM, "pass", "")]),
        ("mx.example; x (dkim=pass header.d=bruno.example", []),
        (
            "mx.example; ) dkim=pass header.d=a.example",
            [("mx.example", AuthMethod.DKIM, "pass", "a.example")],
        ),
    ],
)
def test_a_field_is_read_as_its_server_meant_it(
    value: str, expected: list[tuple[str, AuthMethod, str, str]]
) -> None:
    found = found_in(f"Authentication-Results: {value}", ENTRANCE)

    assert found == [(*each, True) for each in expected]


@pytest.mark.parametrize(
    ("line", "is_above"),
    [
        (ENTRANCE, False),
        ("Received: by 2002:a05:6a10 with SMTP id x; now", True),
        ("Received: from mx.alice.example by store.alice.example with LMTP id x; now", True),
        ("Received: from mx (mx [10.0.0.1]) by store (Cyrus) with LMTPA id x; now", True),
        ("Received: from mx.alice.example (HELO with LMTP ) by x; now", False),
        ("Received: from x (HELO a) by b with LMTP (c) ([192.0.2.1]) by mx with SMTP; now", False),
        ("X-Received: from far.example by mx.alice.example; now", True),
    ],
)
def test_what_stands_below_the_entrance_was_there_before(line: str, *, is_above: bool) -> None:
    ((*_, found),) = found_in(line, "Authentication-Results: mx.example; dkim=pass header.d=a.b")

    assert found is is_above


def test_a_mail_full_of_results_is_not_read_to_its_end() -> None:
    field = "Authentication-Results: mx.example" + "; dkim=pass header.d=a.b" * 10

    assert len(found_in(*[field] * (MAX_FIELDS + 5))) == MAX_FINDINGS
    assert len(found_in(*["Authentication-Results: mx.example; spf=pass"] * 40)) == MAX_FIELDS
