"""Addresses of the verification page; short, as they are printed."""

from django.urls import path

from quetsach_portal.reports.verification import views

app_name = "proof"
urlpatterns = [
    path("", views.check_form, name="ask"),
    path("<str:code>/", views.answer, name="answer"),
]
