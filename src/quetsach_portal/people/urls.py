"""Addresses of the app `rights`."""

from django.urls import path

from quetsach_portal.people.roles import views

app_name = "rights"
urlpatterns = [
    path("", views.index, name="index"),
    path("unit/<int:unit_id>/", views.unit, name="unit"),
    path("unit/<int:unit_id>/invite", views.invite, name="invite"),
    path("invitation/<int:invitation_id>/again", views.resend_invitation, name="send_again"),
    path("invitation/<int:invitation_id>/withdraw", views.withdraw, name="withdraw"),
    path("role/<int:assignment_id>/end", views.end, name="end"),
    path("hand-over", views.hand_over, name="hand_over"),
    path("person/<int:user_id>/", views.person, name="person"),
    path("person/<int:user_id>/link", views.person_act, {"act": "link"}, name="new_link"),
    path("person/<int:user_id>/off", views.person_act, {"act": "off"}, name="switch_off"),
    path("person/<int:user_id>/on", views.person_act, {"act": "on"}, name="switch_on"),
    path("person/<int:user_id>/factors", views.person_act, {"act": "factors"}, name="drop_factors"),
]
