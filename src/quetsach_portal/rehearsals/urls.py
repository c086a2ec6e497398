"""URLs of the app `rehearsals`; the first ones stand among those of `campaigns`."""

from django.urls import path, re_path

from quetsach_portal.rehearsals import views

urlpatterns = [
    path("<int:campaign_id>/rehearsal/", views.rehearsal, name="rehearsal"),
]

inside_urlpatterns = [
    # A page of the rehearsal may end without a slash; nothing behind the id is looked at here.
    re_path(
        r"^dien-tap/(?P<rehearsal_id>[0-9a-f]{12})/(?P<rest>.*)$",
        views.inside,
        name="inside_rehearsal",
    ),
]
