"""Addresses of workbook batches."""

from django.urls import path

from quetsach_portal.reports.workbooks import batch_views

app_name = "report_bulk"
urlpatterns = [
    path("<int:slot_id>/", batch_views.upload_batch, name="give"),
    path("<int:slot_id>/workbooks.zip", batch_views.download_batch, name="download"),
    path("<int:slot_id>/save", batch_views.save_batch, name="save"),
]
