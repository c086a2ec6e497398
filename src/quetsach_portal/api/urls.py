"""Addresses of the pages about programs; the interface itself and the lists: config/urls.py."""

from django.urls import path

from quetsach_portal.api import views

app_name = "api"
urlpatterns = [
    path("", views.index, name="index"),
    path("units/<int:unit_id>/make", views.make, name="make"),
    path("tokens/<int:token_id>/end", views.end, name="end"),
]
