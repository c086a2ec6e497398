"""Who may open the pages of the app `jobs`."""

from tests.portal.access.row import ALL, Row

ROWS = (Row("jobs:index", get=ALL),)
