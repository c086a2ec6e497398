"""The addresses that only a rehearsal has."""

from django.urls import path

from quetsach_portal.rehearsals.inside import views

app_name = "rehearsal"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("see-as/", views.see_as, name="see_as"),
    path("days/", views.days, name="days"),
    path("box/", views.box, name="box"),
    path("box/<int:number>/", views.mail, name="mail"),
    path("sample/<slug:kind>", views.sample, name="sample"),
]
