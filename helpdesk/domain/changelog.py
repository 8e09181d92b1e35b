"""The shared changelog of a site: what its client may read of the work that was done on it."""

from enum import StrEnum


class ChangelogKind(StrEnum):
    """What was done (000 L92-94, REQ-H06)."""

    UPDATE = "UPDATE"
    SECURITY_UPDATE = "SECURITY_UPDATE"
    ROLLBACK = "ROLLBACK"
    REQUEST = "REQUEST"
