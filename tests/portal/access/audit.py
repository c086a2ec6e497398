"""Who may open the pages of the app `audit`."""

from tests.portal.access.row import ALL, Row

ROWS = (Row("audit:index", get=ALL),)
