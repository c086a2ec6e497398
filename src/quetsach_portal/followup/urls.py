"""Addresses of the app `followup`."""

from django.urls import path

from quetsach_portal.followup import calendar_views, views

app_name = "followup"
urlpatterns = [
    path("campaigns/<int:campaign_id>/ladder/", views.ladder, name="ladder"),
    path("campaigns/<int:campaign_id>/silent/", views.silent, name="silent"),
    path("campaigns/<int:campaign_id>/mails/", views.mails, name="mails"),
    path("campaigns/<int:campaign_id>/completeness/", views.completeness, name="completeness"),
    path("campaigns/<int:campaign_id>/more-time/", views.extensions, name="extensions"),
    path("campaigns/<int:campaign_id>/calendar/", calendar_views.calendar, name="calendar"),
    path("units/<int:node_id>/", views.unit, name="node"),
    path("units/<int:node_id>/remind/", views.remind, name="remind"),
    path("units/<int:node_id>/remind/undo", views.undo_reminders, name="undo_reminders"),
    path("units/<int:node_id>/receive/", views.receive, name="receive"),
    path("units/<int:node_id>/receive-for/", views.receive_for, name="receive_for"),
    path("units/<int:node_id>/deploy/", views.deploy, name="deploy"),
    path("units/<int:node_id>/more-time/<int:phase_id>/", views.request_more_time, name="ask_time"),
    path("units/<int:node_id>/more-time/<int:phase_id>/give/", views.give, name="give_time"),
    path("declarations/<int:declaration_id>/check", views.check, name="check"),
    path("declarations/<int:declaration_id>/withdraw/", views.withdraw, name="withdraw"),
    path("evidence/<int:evidence_id>", views.evidence, name="evidence"),
    path("receipts/<int:receipt_id>/proof", views.receipt_proof, name="receipt_proof"),
    path("paper/<int:paper_id>/proof", views.paper_proof, name="paper_proof"),
    path("more-time/<int:extension_id>/", views.decide, name="decide"),
    path("more-time/<int:extension_id>/take-back", views.take_back, name="take_back"),
]
