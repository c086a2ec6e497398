"""Addresses of the page of watches and of what keeps it up to date."""

from django.urls import path

from quetsach_portal.sensors import views

app_name = "sensors"
urlpatterns = [
    path("", views.index, name="index"),
    path("sources/<int:source_id>/", views.hours, name="hours"),
    path("live", views.live, name="live"),
]
