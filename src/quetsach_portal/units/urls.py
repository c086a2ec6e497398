"""Addresses of the app `units`."""

from django.urls import path

from quetsach_portal.units import views

app_name = "units"
urlpatterns = [
    path("", views.index, name="index"),
]
