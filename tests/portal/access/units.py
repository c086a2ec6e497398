"""Who may open the pages of the app `units`."""

from tests.portal.access.row import ALL, Row

ROWS = (Row("units:index", get=ALL),)
