"""Addresses of the app `dashboards`."""

from django.urls import path

from quetsach_portal.dashboards import files, views

app_name = "dashboards"
urlpatterns = [
    path("<int:campaign_id>/", views.show, name="show"),
    path("<int:campaign_id>/coverage/", views.coverage, name="coverage"),
    path("<int:campaign_id>/ranking/", views.rank, name="ranking"),
    path("<int:campaign_id>/map/", views.on_map, name="map"),
    path("<int:campaign_id>/effect/", views.effect, name="effect"),
    path("<int:campaign_id>/trend/", views.trend, name="trend"),
    path("<int:campaign_id>/week/", views.week, name="week"),
    path("<int:campaign_id>/week.pdf", views.week_paper, name="week_paper"),
    path("<int:campaign_id>/below.<str:kind>", views.below, name="below"),
    path("<int:campaign_id>/subtree.<str:kind>", files.subtree_file, name="subtree"),
    path("<int:campaign_id>/files/", files.files, name="files"),
    path("<int:campaign_id>/files/<int:file_id>", files.file, name="file"),
    path("<int:campaign_id>/years/", views.on_tree, name="years"),
]
