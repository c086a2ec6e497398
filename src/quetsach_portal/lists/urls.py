"""Addresses of the app `lists`."""

from django.urls import path

from quetsach_portal.lists import views

app_name = "lists"
urlpatterns = [
    path("<int:campaign_id>/", views.index, name="index"),
    path("<int:campaign_id>/feeds", views.add_feed, name="add_feed"),
    path("<int:campaign_id>/feeds/<int:feed_id>/stop", views.stop_feed, name="stop_feed"),
    path("<int:campaign_id>/<int:n>/", views.show, name="show"),
    path("<int:campaign_id>/<int:n>/rows", views.decide, name="decide"),
    path("<int:campaign_id>/<int:n>/act", views.act, name="act"),
    path("<int:campaign_id>/<int:n>/file", views.release_file, name="file"),
]
