"""Addresses of the app `campaigns`."""

from django.urls import path

from quetsach_portal.campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("", views.index, name="index"),
]
