"""Addresses of the app `intake`."""

from django.urls import path

from quetsach_portal.intake import machine_views, source_views, views

app_name = "intake"
urlpatterns = [
    path("", views.index, name="index"),
    path("units/<int:node_id>/", views.unit, name="unit"),
    path("units/<int:node_id>/hand-in", views.hand_in, name="hand_in"),
    path("units/<int:node_id>/hand-in/<slug:kind>", views.begin, name="begin"),
    path("units/<int:node_id>/at-home", views.at_home, name="at_home"),
    path("units/<int:node_id>/imports", views.imported, name="imports"),
    path("units/<int:node_id>/list", views.release, name="release"),
    path("units/<int:node_id>/machines", machine_views.machines, name="machines"),
    path("units/<int:node_id>/collector.zip", machine_views.collector, name="collector"),
    path("units/<int:node_id>/machines/total", machine_views.machine_total, name="machine_total"),
    path("units/<int:node_id>/machines/no-logs", machine_views.no_logs, name="no_logs"),
    path("units/<int:node_id>/machines/add", machine_views.add_machine, name="add_machine"),
    path(
        "units/<int:node_id>/machines/<int:machine_id>/change",
        machine_views.describe_machine,
        name="describe_machine",
    ),
    path(
        "units/<int:node_id>/machines/<int:machine_id>/end",
        machine_views.end_machine,
        name="end_machine",
    ),
    path(
        "units/<int:node_id>/machines/<int:machine_id>/same-as",
        machine_views.join_machine,
        name="join_machine",
    ),
    path("below/<int:node_id>/", views.below, name="below"),
    path("<int:submission_id>/", views.submission, name="submission"),
    path("<int:submission_id>/progress", views.progress, name="progress"),
    path("<int:submission_id>/files", views.add_file, name="add_file"),
    path("<int:submission_id>/files/<uuid:file_id>/remove", views.remove_file, name="remove_file"),
    path("<int:submission_id>/send", views.send, name="send"),
    path("<int:submission_id>/again", views.retry, name="again"),
    path("<int:submission_id>/withdraw", views.withdraw, name="withdraw"),
    path("<int:submission_id>/throw-away", views.throw_away, name="throw_away"),
    path("<int:submission_id>/lines/<slug:number>/case", views.by_hand, name="by_hand"),
    path("<int:submission_id>/report", views.report, name="report"),
    path("tables/<int:unit_id>/", views.tables, name="tables"),
    path("tables/<int:unit_id>/add/<slug:kind>", views.add_table, name="add_table"),
    path("tables/<int:table_id>/end", views.end_table, name="end_table"),
    path("sources/<int:unit_id>/", source_views.sources, name="sources"),
    path("sources/<int:unit_id>/add", source_views.add, name="add_source"),
    path("sources/<int:source_id>/change", source_views.change, name="change_source"),
    path("sources/<int:source_id>/end", source_views.end, name="end_source"),
    path("keys/<int:unit_id>/", views.keys, name="keys"),
    path("keys/<int:key_id>/end", views.end_key, name="end_key"),
    path("rules/<int:campaign_id>/", views.rules, name="rules"),
]
