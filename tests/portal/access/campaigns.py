"""Who may open the pages of the app `campaigns`."""

from tests.portal.access.row import ALL, Row

ROWS = (Row("campaigns:index", get=ALL),)
