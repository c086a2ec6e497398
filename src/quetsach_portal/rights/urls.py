"""Addresses of the app `rights`."""

from django.urls import path

from quetsach_portal.rights import views

app_name = "rights"
urlpatterns = [
    path("", views.index, name="index"),
]
