"""Addresses of the register; `units` is how other apps name them."""

from django.urls import path

from quetsach_portal.register import events, views

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
    path("load/", views.load, name="load"),
    path("load/areas", views.load_areas, name="load_areas"),
    path("load/shapes", views.load_shapes, name="load_shapes"),
    path("load/template.xlsx", views.template, name="template"),
    path("load/<int:upload_id>/", views.preview_view, name="preview"),
    path("load/<int:upload_id>/save", views.confirm_view, name="confirm"),
    path("load/<int:upload_id>/drop", views.drop_view, name="drop"),
    path("events/", events.events, name="events"),
    path("events/new/", events.choose, name="choose"),
    path("events/new/find", events.find_to_propose, name="find_to_propose"),
    path("events/new/<str:kind>/", events.propose, name="propose"),
    path("events/<int:event_id>/", events.event, name="event"),
    path("events/<int:event_id>/decide", events.decide, name="decide"),
    path("events/<int:event_id>/withdraw", events.withdraw, name="withdraw"),
    path("events/<int:event_id>/reverse", events.reverse_view, name="reverse"),
]
