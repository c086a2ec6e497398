"""Addresses of the app `reports`."""

from django.urls import path

from quetsach_portal.reports import paper
from quetsach_portal.reports.views import reading, together, undoing, writing

app_name = "reports"
urlpatterns = [
    path("", reading.index, name="index"),
    path("<int:slot_id>/", reading.expected_report, name="slot"),
    path("<int:slot_id>/below/", reading.below, name="below"),
    path("<int:slot_id>/below/accept/", together.accept_together, name="accept_together"),
    path("<int:slot_id>/below/read/", undoing.all_read, name="all_read"),
    path("<int:slot_id>/open", writing.open_report, name="open"),
    path("<int:slot_id>/numbers/", writing.numbers, name="numbers"),
    path("<int:slot_id>/texts/", writing.texts, name="texts"),
    path("<int:slot_id>/check/", writing.check, name="check"),
    path("<int:slot_id>/nothing/", writing.nil, name="nil"),
    path("<int:slot_id>/correct/", writing.correct, name="correct"),
    path("<int:slot_id>/total/", writing.total, name="total"),
    path("<int:slot_id>/total.<str:kind>", reading.total_file, name="total_file"),
    path("<int:slot_id>/leave-out/<int:child_id>/", writing.leave_out, name="leave_out"),
    path("<int:slot_id>/take-in/<int:child_id>", writing.take_in, name="take_in"),
    path("versions/<int:version_id>/", reading.version, name="version"),
    path("versions/<int:version_id>/figures.<str:kind>", reading.version_file, name="version_file"),
    path("versions/<int:version_id>/against/<int:number>/", reading.compare, name="compare"),
    path("versions/<int:version_id>/seen", reading.mark_seen, name="seen"),
    path("versions/<int:version_id>/review/", reading.review, name="review"),
    path("versions/<int:version_id>/accept", reading.accept, name="accept"),
    path("versions/<int:version_id>/take-back", undoing.take_back, name="take_back"),
    path("versions/<int:version_id>/undo", undoing.undo_acceptance, name="undo_acceptance"),
    path(
        "versions/<int:version_id>/ask-correction/", undoing.ask_correction, name="ask_correction"
    ),
    path("versions/<int:version_id>/withdraw/", reading.withdraw, name="withdraw"),
    path("versions/<int:version_id>/sign/", reading.sign, name="sign"),
    path("versions/<int:version_id>/forward", reading.forward, name="forward"),
    path("changes/<int:notice_id>/", writing.notice, name="notice"),
    path("units/<int:node_id>/one-person/", reading.one_person, name="one_person"),
]

trace_urls = ([path("<int:version_id>/<slug:key>/", reading.trace, name="figure")], "trace")
"""Addresses of the lineage of a figure, with their namespace."""

paper_urlpatterns = [
    path("units/<int:node_id>/paper/<int:phase_id>/", paper.on_paper, name="on_paper"),
    path("paper/<int:paper_id>/remove/", paper.remove_paper, name="remove_paper"),
]
"""Addresses of reports on paper; config/urls.py puts them among those of `followup`."""
