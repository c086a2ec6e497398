"""Addresses of the page that checks a copy; short, as they stand on paper."""

from django.urls import path

from quetsach_portal.reports.verification import views

app_name = "proof"
urlpatterns = [
    path("", views.check_form, name="ask"),
    path("<str:code>/", views.answer, name="answer"),
]
