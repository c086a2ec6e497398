"""Addresses of the workbooks of reports."""

from django.urls import path

from quetsach_portal.reports.workbooks import views

app_name = "report_workbooks"
urlpatterns = [
    path("<int:slot_id>/", views.give, name="give"),
    path("<int:slot_id>/workbook.xlsx", views.download, name="download"),
    path("<int:slot_id>/save", views.save, name="save"),
]
