"""Addresses of the documents of reports."""

from django.urls import path

from quetsach_portal.reports.documents import desk, views

app_name = "report_documents"
urlpatterns = [
    path("<int:version_id>/", views.page, name="page"),
    path("<int:version_id>/make", views.make, name="make"),
    path("<int:version_id>/bundle", views.bundle, name="bundle"),
    path("edition/<int:document_id>/number", views.number, name="number"),
    path("edition/<int:document_id>/sign/", desk.sign, name="sign"),
    path("edition/<int:document_id>/sign/<int:number>.png", desk.picture, name="picture"),
    path("edition/<int:document_id>/sign/remotely/", desk.sign_remotely, name="sign_remotely"),
    path("edition/<int:document_id>/signed", views.signed, name="signed"),
    path("edition/<int:document_id>/scan", views.scan, name="scan"),
    path("edition/<int:document_id>/release", views.release, name="release"),
    path("edition/<int:document_id>/entry.<str:form>", views.register_entry, name="entry"),
    path("edition/<int:document_id>/<str:which>", views.file, name="file"),
    path("signed/<int:signature_id>/", views.signed_copy, name="signed_copy"),
    path("signed/<int:signature_id>/judge", views.reverify, name="judge_again"),
]
