"""Addresses of the app `intake`."""

from django.urls import path

app_name = "intake"
urlpatterns: list[object] = []
