"""What the records of one transaction hold about sites: outages, what was done, who watches."""

from typing import Protocol

from helpdesk.usecases.availability_ports import IncidentRecords, SiteRecords
from helpdesk.usecases.monitoring_ports import MonitoringRecords


class RecordsOfSites(Protocol):
    """The part of one transaction that is about sites."""

    @property
    def incidents(self) -> IncidentRecords:
        """When sites were not available."""
        ...

    @property
    def site_records(self) -> SiteRecords:
        """What was done on sites and seen there."""
        ...

    @property
    def monitoring(self) -> MonitoringRecords:
        """Doors for monitoring tools."""
        ...
