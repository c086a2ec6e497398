"""Addresses of the workbooks that come many at once."""

from django.urls import path

from quetsach_portal.reports.bulk import views

app_name = "report_bulk"
urlpatterns = [
    path("<int:slot_id>/", views.give, name="give"),
    path("<int:slot_id>/workbooks.zip", views.download, name="download"),
    path("<int:slot_id>/save", views.save, name="save"),
]
