"""Addresses of the app `planted`."""

from django.urls import path

from quetsach_portal.planted import views

app_name = "planted"
urlpatterns = [
    path("units/<int:node_id>/", views.unit, name="unit"),
    path("units/<int:node_id>/add", views.add, name="add"),
    path("units/<int:node_id>/places/<int:place_id>/end", views.end, name="end"),
    path("places/<int:place_id>/kit.zip", views.kit, name="kit"),
]
