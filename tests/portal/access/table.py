"""The access table of the whole portal: one file an app, in the order of the layers."""

from tests.portal.access import account, audit, campaigns, jobs, rights, today, units
from tests.portal.access.row import Row

TABLES: dict[str, tuple[Row, ...]] = {
    "account": account.ROWS,
    "today": today.ROWS,
    "campaigns": campaigns.ROWS,
    "rights": rights.ROWS,
    "units": units.ROWS,
    "jobs": jobs.ROWS,
    "audit": audit.ROWS,
}
