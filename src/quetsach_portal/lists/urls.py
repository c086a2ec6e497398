"""Addresses of the app `lists`."""

from django.urls import path

from quetsach_portal.lists import office_views, views

app_name = "lists"
urlpatterns = [
    path("<int:campaign_id>/", views.index, name="index"),
    path("<int:campaign_id>/step", views.step, name="step"),
    path("<int:campaign_id>/holds/<int:hold_id>", office_views.settle, name="settle"),
    path("<int:campaign_id>/office", office_views.add_rows, name="office_add"),
    path("<int:campaign_id>/office/approve", office_views.approve_rows, name="office_approve"),
    path("<int:campaign_id>/office/<int:row_id>/end", office_views.end_row, name="office_end"),
    path("<int:campaign_id>/<int:n>/hold", office_views.hold, name="hold"),
    path("<int:campaign_id>/feeds", views.add_feed, name="add_feed"),
    path("<int:campaign_id>/feeds/<int:feed_id>/stop", views.stop_feed, name="stop_feed"),
    path("<int:campaign_id>/<int:n>/", views.show, name="show"),
    path("<int:campaign_id>/<int:n>/rows", views.decide, name="decide"),
    path("<int:campaign_id>/<int:n>/act", views.act, name="act"),
    path("<int:campaign_id>/<int:n>/file", views.release_file, name="file"),
]
