"""Who may open the pages of the app `sensors`."""

from tests.portal.access.row import Row

ROWS = (
    Row("sensors:index", get="LO LA CO FP TE"),
    Row("sensors:live", get="LO LA CO FP TE"),
)
