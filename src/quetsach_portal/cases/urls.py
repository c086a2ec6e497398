"""Addresses of the app `cases`."""

from django.urls import path

from quetsach_portal.cases import (
    above_views,
    alarm_views,
    bulk_views,
    joining_views,
    notice_views,
    views,
    work_views,
)

app_name = "cases"
urlpatterns = [
    path("", views.index, name="index"),
    path("bulk", bulk_views.bulk, name="bulk"),
    path("<int:case_id>/", views.show, name="show"),
    path("<int:case_id>/why/<int:finding_id>", views.why, name="why"),
    path("<int:case_id>/sheet", views.sheet, name="sheet"),
    path("<int:case_id>/sheet.pdf", views.sheet_file, name="sheet_file"),
    path("<int:case_id>/handle", work_views.handle, name="handle"),
    path(
        "<int:case_id>/handlings/<int:handling_id>/withdraw",
        work_views.withdraw_handling,
        name="withdraw_handling",
    ),
    path("<int:case_id>/work", work_views.work, name="work"),
    path("<int:case_id>/steps", work_views.tick, name="tick"),
    path("<int:case_id>/files", work_views.add_file, name="add_file"),
    path("files/<int:file_id>", views.file, name="file"),
    path("<int:case_id>/says", work_views.says, name="says"),
    path("<int:case_id>/false-alarm", alarm_views.propose, name="propose"),
    path(
        "<int:case_id>/false-alarm/<int:alarm_id>/withdraw",
        alarm_views.withdraw,
        name="withdraw_alarm",
    ),
    path("<int:case_id>/join", joining_views.join, name="join"),
    path("<int:case_id>/split", joining_views.split, name="split"),
    path("<int:case_id>/separate/<int:device_id>", joining_views.separate, name="separate"),
    path("counts/", above_views.counts, name="counts"),
    path("counts/<int:node_id>/", above_views.counts_of, name="counts_of"),
    path("checks/", above_views.checks, name="checks"),
    path("checks/<int:case_id>/", above_views.check, name="check"),
    path("rule/<int:campaign_id>/", above_views.rule, name="rule"),
    path("alarms/", alarm_views.alarms, name="alarms"),
    path("alarms/<int:alarm_id>/", alarm_views.decide, name="decide"),
    path("alarms/<int:alarm_id>/end", alarm_views.end, name="end_alarm"),
    path("notices/", notice_views.notices, name="notices"),
    path("notices/new/<int:node_id>/", notice_views.hand_in, name="hand_in"),
    path("notices/<int:batch_id>/", notice_views.batch, name="batch"),
    path("notices/<int:batch_id>.csv", notice_views.batch_csv, name="batch_csv"),
    path("notices/<int:batch_id>/again", notice_views.trace_again, name="trace_again"),
]
