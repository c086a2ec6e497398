"""Addresses of the app `followup`."""

from django.urls import path

from quetsach_portal.followup.views import ladder, more_time, unit

app_name = "followup"
urlpatterns = [
    path("campaigns/<int:campaign_id>/ladder/", ladder.ladder, name="ladder"),
    path("campaigns/<int:campaign_id>/silent/", ladder.silent, name="silent"),
    path("campaigns/<int:campaign_id>/mails/", ladder.mails, name="mails"),
    path("campaigns/<int:campaign_id>/completeness/", ladder.completeness, name="completeness"),
    path("campaigns/<int:campaign_id>/more-time/", more_time.extensions, name="extensions"),
    path("units/<int:node_id>/", unit.unit, name="node"),
    path("units/<int:node_id>/remind/", ladder.remind, name="remind"),
    path("units/<int:node_id>/receive/", unit.receive, name="receive"),
    path("units/<int:node_id>/receive-for/", unit.receive_for, name="receive_for"),
    path("units/<int:node_id>/deploy/", unit.deploy, name="deploy"),
    path("units/<int:node_id>/more-time/<int:phase_id>/", more_time.ask, name="ask_time"),
    path("units/<int:node_id>/more-time/<int:phase_id>/give/", more_time.give, name="give_time"),
    path("declarations/<int:declaration_id>/check", unit.check, name="check"),
    path("declarations/<int:declaration_id>/withdraw/", unit.withdraw, name="withdraw"),
    path("evidence/<int:evidence_id>", unit.evidence, name="evidence"),
    path("receipts/<int:receipt_id>/proof", unit.receipt_proof, name="receipt_proof"),
    path("paper/<int:paper_id>/proof", unit.paper_proof, name="paper_proof"),
    path("more-time/<int:extension_id>/", more_time.decide, name="decide"),
    path("more-time/<int:extension_id>/take-back", more_time.take_back, name="take_back"),
]
