"""Addresses of the app `cases`."""

from django.urls import path

from quetsach_portal.cases import bulk
from quetsach_portal.cases.views import case, requests, work

app_name = "cases"
urlpatterns = [
    path("", case.index, name="index"),
    path("bulk", bulk.bulk_view, name="bulk"),
    path("<int:case_id>/", case.show, name="show"),
    path("<int:case_id>/why/<int:finding_id>", case.why, name="why"),
    path("<int:case_id>/sheet", case.sheet, name="sheet"),
    path("<int:case_id>/sheet.pdf", case.sheet_file, name="sheet_file"),
    path("<int:case_id>/handle", work.handle, name="handle"),
    path(
        "<int:case_id>/handlings/<int:handling_id>/withdraw",
        work.withdraw_handling,
        name="withdraw_handling",
    ),
    path("<int:case_id>/work", work.work, name="work"),
    path("<int:case_id>/steps/<slug:code>", work.step, name="step"),
    path("<int:case_id>/files", work.add_file, name="add_file"),
    path("files/<int:file_id>", case.file, name="file"),
    path("<int:case_id>/says", work.owner_statement, name="says"),
    path("<int:case_id>/false-alarm", case.propose, name="propose"),
    path(
        "<int:case_id>/false-alarm/<int:alarm_id>/withdraw",
        case.withdraw,
        name="withdraw_alarm",
    ),
    path("<int:case_id>/join", work.join_view, name="join"),
    path("<int:case_id>/split", work.split, name="split"),
    path("<int:case_id>/separate/<int:device_id>", work.separate_view, name="separate"),
    path("counts/", case.counts, name="counts"),
    path("counts/<int:node_id>/", case.counts_of, name="counts_of"),
    path("checks/", case.checks, name="checks"),
    path("checks/<int:case_id>/", case.check, name="check"),
    path("rule/<int:campaign_id>/", case.rule, name="rule"),
    path("alarms/", case.alarms, name="alarms"),
    path("alarms/<int:alarm_id>/", case.decide, name="decide"),
    path("alarms/<int:alarm_id>/end", case.end, name="end_alarm"),
    path("notices/", case.notices, name="notices"),
    path("notices/new/<int:node_id>/", case.hand_in, name="hand_in"),
    path("notices/<int:batch_id>/", case.batch, name="batch"),
    path("notices/<int:batch_id>.csv", case.batch_csv, name="batch_csv"),
    path("notices/<int:batch_id>/again", case.retrace, name="trace_again"),
    path("requests/", requests.index, name="requests"),
    path("requests/new/<int:node_id>/", requests.hand_in, name="hand_in_request"),
    path("requests/<int:request_id>/", requests.show, name="request"),
    path("requests/<int:request_id>/again", requests.again, name="request_again"),
    path("requests/<int:request_id>/letter", requests.letter, name="request_letter"),
]
