"""Addresses of the register; `units` is how other apps name them."""

from django.urls import path

from quetsach_portal.register import event_views, import_views, views

app_name = "units"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:unit_id>/", views.show, name="show"),
    path("<int:unit_id>/contacts/add", views.add_contact, name="add_contact"),
    path("<int:unit_id>/desks", views.desks, name="desks"),
    path("<int:unit_id>/desks/find", views.find_desk, name="find_desk"),
    path("<int:unit_id>/headcount", views.headcount, name="headcount"),
    path("contacts/<int:contact_id>/", views.change_contact, name="change_contact"),
    path("contacts/<int:contact_id>/end", views.end_contact, name="end_contact"),
    path("contacts/<int:contact_id>/again", views.use_again, name="use_again"),
    path("contacts/", views.contacts_health, name="contacts_health"),
    path("load/", import_views.load, name="load"),
    path("load/areas", import_views.load_areas, name="load_areas"),
    path("load/template.xlsx", import_views.template, name="template"),
    path("load/<int:upload_id>/", import_views.preview, name="preview"),
    path("load/<int:upload_id>/save", import_views.confirm, name="confirm"),
    path("load/<int:upload_id>/drop", import_views.drop, name="drop"),
    path("events/", event_views.events, name="events"),
    path("events/new/", event_views.choose, name="choose"),
    path("events/new/find", event_views.find_to_propose, name="find_to_propose"),
    path("events/new/<str:kind>/", event_views.propose, name="propose"),
    path("events/<int:event_id>/", event_views.event, name="event"),
    path("events/<int:event_id>/decide", event_views.decide, name="decide"),
    path("events/<int:event_id>/withdraw", event_views.withdraw, name="withdraw"),
    path("events/<int:event_id>/reverse", event_views.reverse, name="reverse"),
]
