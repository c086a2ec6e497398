"""Addresses of the app `audit`."""

from django.urls import path

from quetsach_portal.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.index, name="index"),
]
