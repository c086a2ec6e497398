"""Who may open the first page, and what belongs to no app."""

from tests.portal.access.row import ALL, Row

ROWS = (
    Row("home", get=ALL),
    Row("find", get=ALL),
    Row("health", get=ALL, post=None, public=True),
    Row("switch_language", get=None, post=ALL, public=True, data={"language": "en"}),
)
