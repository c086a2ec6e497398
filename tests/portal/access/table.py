"""The access table of the whole portal: one file an app, in the order of the layers."""

from tests.portal.access import (
    account,
    api,
    campaigns,
    cases,
    dashboards,
    files,
    followup,
    intake,
    letters,
    oversight,
    participation,
    rechecks,
    reports,
    reports_on_paper,
    rights,
    today,
    trace,
    units,
)
from tests.portal.access.row import Row

TABLES: dict[str, tuple[Row, ...]] = {
    "account": account.ROWS,
    "api": api.ROWS,
    "today": today.ROWS,
    "reports": reports.ROWS,
    "reports_on_paper": reports_on_paper.ROWS,
    "intake": intake.ROWS,
    "oversight": oversight.ROWS,
    "dashboards": dashboards.ROWS,
    "rechecks": rechecks.ROWS,
    "trace": trace.ROWS,
    "files": files.ROWS,
    "cases": cases.ROWS,
    "participation": participation.ROWS,
    "letters": letters.ROWS,
    "followup": followup.ROWS,
    "campaigns": campaigns.ROWS,
    "rights": rights.ROWS,
    "units": units.ROWS,
}
