"""No secret is kept here: what looks like a password or a private key is refused (REQ-H16)."""

import re
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError

_SECRETS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----",
        r"PuTTY-User-Key-File-\d",
        # A name of a secret, a sign, and a value: "mdp : Soleil42", "api_key=…". What says where a
        # secret is kept is none: "password: see Bitwarden".
        r"\b(?:pass(?:word|phrase|wd)?|pwd|mots? de passe|mdp|secret|client[_ -]?secret"
        r"|api[_ -]?key|clé (?:api|privée|secrète)|private[_ -]?key|access[_ -]?token|token|jeton"
        r"|code d'accès)\b[\"'»]?\s*(?:=>|[:=])\s*[\"'«]?\s*"
        r"(?!voir\b|see\b|dans\b|chez\b|kept\b|stored\b|conservé|gardé|managed\b|géré|https?://"
        r"|bitwarden|1password|keepass|dashlane|lastpass|proton|vault|none\b|aucune?\b|[<{\[(*…])"
        r"\S{4,}",
        r"\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@",  # an address with a password in it
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # Amazon
        r"\bgh[pousr]_[A-Za-z0-9]{30,}",  # GitHub
        r"\bglpat-[A-Za-z0-9_-]{20,}",  # GitLab
        r"\bxox[abposr]-[A-Za-z0-9-]{10,}",  # Slack
        r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",  # Stripe
        r"\bhd_[A-Za-z0-9_-]{40,}",  # ours
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.",  # a signed token (RFC 7519)
        r"\bAuthorization:\s*(?:Basic|Bearer)\s+\S{8,}",
    )
)


class SecretRefused(HelpdeskError):
    """Who reads a helpdesk would read its secrets: a manager of passwords keeps them."""

    code: ClassVar[ErrorCode] = ErrorCode.SECRET_REFUSED
    english: ClassVar[str] = (
        "This looks like a password or a key: put it into your password manager and write only "
        "where it is."
    )
    french: ClassVar[str] = (
        "Ceci ressemble à un mot de passe ou à une clé : mettez-le dans votre gestionnaire de mots "
        "de passe et n'écrivez que l'endroit où il se trouve."
    )


def is_secret_like(text: str) -> bool:
    """Return whether a text seems to hold a password, a token or a private key.

    Speaking of one is no secret; its value is.

    >>> is_secret_like("The password is in Bitwarden"), is_secret_like("password: Soleil42")
    (False, True)
    """
    return any(pattern.search(text) for pattern in _SECRETS)


def require_no_secret(text: str, *, field: str) -> str:
    """Return the text. Raises SecretRefused, without the text, for what looks like a secret."""
    if is_secret_like(text):
        raise SecretRefused(path=(field,))
    return text
