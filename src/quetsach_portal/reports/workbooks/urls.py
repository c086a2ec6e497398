"""Addresses of the workbooks of reports."""

from django.urls import path

from quetsach_portal.reports.workbooks import views

app_name = "report_workbooks"
urlpatterns = [
    path("<int:slot_id>/", views.upload_workbook, name="give"),
    path("<int:slot_id>/workbook.xlsx", views.download_workbook, name="download"),
    path("<int:slot_id>/save", views.save_workbook, name="save"),
]

batch_urls = (
    [
        path("<int:slot_id>/", views.upload_batch, name="give"),
        path("<int:slot_id>/workbooks.zip", views.download_batch, name="download"),
        path("<int:slot_id>/save", views.save_batch, name="save"),
    ],
    "report_bulk",
)
"""Addresses of workbook batches, with their namespace."""
