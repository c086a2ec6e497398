"""Who may open the pages of the app `rights`."""

from tests.portal.access.row import ALL, Row

ROWS = (Row("rights:index", get=ALL),)
