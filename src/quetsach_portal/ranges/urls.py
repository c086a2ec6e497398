"""Addresses of ranges and allotted notices; config/urls.py has the page of a unit's link."""

from django.urls import path

from quetsach_portal.ranges.views import notices, table

app_name = "ranges"
urlpatterns = [
    path("", table.index, name="index"),
    path("<int:office_id>/add", table.add, name="add"),
    path("<int:office_id>/file", table.add_file, name="add_file"),
    path("<int:office_id>/prefixes", table.prefixes, name="prefixes"),
    path("<int:office_id>/approve", table.approve, name="approve"),
    path("row/<int:range_id>/", table.end, name="end"),
    path("notices/", notices.index, name="notices_index"),
    path("notices/new/<int:node_id>/", notices.hand_in, name="hand_in"),
    path("notices/<int:batch_id>/", notices.show, name="notices"),
    path("notices/<int:batch_id>/decide", notices.decide, name="decide"),
    path("notices/<int:batch_id>/again", notices.again, name="again"),
    path("notices/<int:batch_id>.csv", notices.as_csv, name="notices_csv"),
    path("notices/<int:batch_id>.docx", notices.as_letter, name="notices_letter"),
    path("notices/<int:batch_id>.json", notices.as_json, name="notices_json"),
    path("asked/<int:forwarding_id>/", notices.forwarded, name="asked"),
]
