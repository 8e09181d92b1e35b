"""Mails as people really send them, written here for the tests."""

import base64
from pathlib import Path

CASES = Path(__file__).parents[3] / "shared" / "cases" / "mail"

HEAD = (
    "From: Bruno Martin <bruno@client.example>\n"
    "To: support@agence.example\n"
    "Subject: Le site est lent\n"
    "Date: Mon, 02 Mar 2026 09:00:00 +0100\n"
    "Message-ID: <m1@client.example>\n"
)


def a_mail(text: str = "Bonjour, le site est lent.", *, head: str = HEAD, more: str = "") -> bytes:
    """Return a plain mail of Bruno, with more header lines when asked."""
    kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    return f"{head}{more}{kind}\n{text}\n".encode()


def a_multipart(kind: str, *parts: str, head: str = HEAD) -> bytes:
    """Return a mail of several parts, each with its own header lines."""
    inside = "".join(f"--limit\n{part}\n" for part in parts)
    top = f'{head}MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary="limit"\n\n'
    return f"{top}{inside}--limit--\n".encode()


def a_text(text: str) -> str:
    """Return a plain text part."""
    return f"Content-Type: text/plain; charset=utf-8\n\n{text}"


def a_page(html: str) -> str:
    """Return an HTML part."""
    return f"Content-Type: text/html; charset=utf-8\n\n{html}"


def a_file(content: bytes, *, fields: str) -> str:
    """Return a base64 part with the header lines given."""
    encoded = base64.encodebytes(content).decode()
    return f"{fields}\nContent-Transfer-Encoding: base64\n\n{encoded}"
