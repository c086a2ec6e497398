"""Addresses of the app `jobs`."""

from django.urls import path

from quetsach_portal.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.index, name="index"),
]
