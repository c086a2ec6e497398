"""Addresses of the app `files`."""

from django.urls import path

from quetsach_portal.files import views

app_name = "files"
urlpatterns = [
    path("uploads", views.begin, name="begin"),
    path("uploads/<uuid:upload_id>", views.part, name="part"),
]
