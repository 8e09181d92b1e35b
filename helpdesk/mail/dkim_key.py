"""The key that our mails are signed with (RFC 6376): read, made, shown as a DNS record."""

import base64
import subprocess
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from helpdesk.domain.errors import ErrorCode, HelpdeskError

RSA_BITS = 2048
MODE = 0o600
CHUNK = 255
"""How long a text in a DNS record may be; a longer value is several texts (RFC 6376 3.6.2.2)."""

_PEM = "-----BEGIN"


class DkimExtraMissing(HelpdeskError):
    """Mails that were to be signed or checked must not leave or come in unsigned and unchecked."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = "{setting} needs the extra dkim: pip install 'helpdesk[dkim]'."
    french: ClassVar[str] = "{setting} demande l'extra dkim : pip install 'helpdesk[dkim]'."


class DkimKeyUnusable(HelpdeskError):
    """A key that cannot sign is found when the program starts, not when the first mail leaves."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_INPUT
    english: ClassVar[str] = (
        "{file} cannot sign mails: {trouble}. `helpdesk mail dkim-record` helps."
    )
    french: ClassVar[str] = (
        "{file} ne peut pas signer les mails : {trouble}. Voyez `helpdesk mail dkim-record`."
    )


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key, and the algorithm that it signs with: `rsa` as PEM, `ed25519` in base64."""

    kind: str
    secret: bytes = field(repr=False)


def require_extra(setting: str) -> None:
    """Refuse with DkimExtraMissing unless the extra `dkim` is installed."""
    if any(find_spec(name) is None for name in ("dkim", "dns", "authheaders")):
        raise DkimExtraMissing(setting=setting)


def read_key(path: Path) -> DkimKey:
    """Return the key of a file: PEM, or the 32 bytes of Ed25519 in base64.

    Raises DkimKeyUnusable.
    """
    try:
        secret = path.read_bytes()
    except OSError as trouble:
        raise DkimKeyUnusable(file=path, trouble=trouble.strerror or "unreadable") from trouble
    if secret.lstrip().startswith(_PEM.encode()):
        return DkimKey("rsa", secret)
    return DkimKey("ed25519", secret.strip())


def made_key(path: Path) -> DkimKey:
    """Make an RSA key in a new file that its owner alone reads, by openssl, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = _openssl("genrsa", "-traditional", str(RSA_BITS), path=path)
    path.touch(mode=MODE, exist_ok=False)
    path.write_bytes(made)
    return DkimKey("rsa", made)


def public_record(key: DkimKey, *, path: Path) -> str:
    """Return what the TXT record of the key says. Raises DkimKeyUnusable."""
    if key.kind != "rsa":
        raise DkimKeyUnusable(file=path, trouble="what made an Ed25519 key tells its record")
    public = _openssl("pkey", "-in", str(path), "-pubout", "-outform", "DER", path=path)
    return f"v=DKIM1; k={key.kind}; p={base64.b64encode(public).decode()}"


def zone_line(record: str, *, selector: str, domain: str) -> str:
    """Return the record as a line of a zone file, in texts that are short enough.

    >>> zone_line("v=DKIM1; p=abc", selector="s1", domain="alice.example")
    's1._domainkey.alice.example. IN TXT "v=DKIM1; p=abc"'
    """
    pieces = [record[start : start + CHUNK] for start in range(0, len(record), CHUNK)]
    texts = " ".join(f'"{piece}"' for piece in pieces)
    return f"{selector}._domainkey.{domain}. IN TXT {texts}"


def _openssl(*arguments: str, path: Path) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - arguments of ours, no shell
            ["openssl", *arguments],  # noqa: S607 - wherever the system has it
            capture_output=True,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError) as trouble:
        raise DkimKeyUnusable(file=path, trouble="openssl does not help with it") from trouble
    return done.stdout
