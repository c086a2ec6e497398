"""Addresses of certificates."""

from django.urls import path

from quetsach_portal.reports.certificates import views

app_name = "certificates"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.register, name="register"),
    path("<int:certificate_id>/confirm/", views.confirm, name="confirm"),
    path("<int:certificate_id>/end/", views.end, name="end"),
]
