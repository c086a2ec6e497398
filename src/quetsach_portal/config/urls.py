"""Every address of the portal, app by app."""

from django.urls import include, path

from quetsach_portal.api.interface import interface
from quetsach_portal.api.views import device_list
from quetsach_portal.calendars.views import calendar
from quetsach_portal.campaigns import urls as campaigns
from quetsach_portal.config.health import health
from quetsach_portal.followup import urls as followup
from quetsach_portal.lifecycle import urls as lifecycle
from quetsach_portal.participation.views import join, joined
from quetsach_portal.people.views import switch_language
from quetsach_portal.reports import paper_urls
from quetsach_portal.rights.invitation_views import accept

urlpatterns = [
    path("", include("quetsach_portal.today.urls")),
    path("health", health, name="health"),
    path("language", switch_language, name="switch_language"),
    path("account/", include("quetsach_portal.people.account_urls")),
    path("account/invitation/<str:token>/", accept, name="invitation"),
    path("cases/", include("quetsach_portal.cases.urls")),
    path(
        "campaigns/",
        include(([*campaigns.urlpatterns, *lifecycle.urlpatterns], campaigns.app_name)),
    ),
    path("figures/", include("quetsach_portal.dashboards.urls")),
    path("letters/", include("quetsach_portal.letters.urls")),
    path(
        "followup/",
        include(([*followup.urlpatterns, *paper_urls.urlpatterns], followup.app_name)),
    ),
    path("evidence/", include("quetsach_portal.intake.urls")),
    path("check/", include("quetsach_portal.reports.proof.urls")),
    path("reports/documents/", include("quetsach_portal.reports.documents.urls")),
    path("reports/workbooks/", include("quetsach_portal.reports.workbooks.urls")),
    path("reports/bulk/", include("quetsach_portal.reports.bulk.urls")),
    path("reports/from/", include("quetsach_portal.reports.trace_urls")),
    path("reports/certificates/", include("quetsach_portal.reports.certificates.urls")),
    path("reports/forms/", include("quetsach_portal.reports.phase_forms.urls")),
    path("handouts/", include("quetsach_portal.handouts.urls")),
    path("participation/", include("quetsach_portal.participation.urls")),
    path("join/<str:code>/", join, name="join"),
    path("join/<str:code>/thanks", joined, name="joined"),
    path("people/", include("quetsach_portal.rights.urls")),
    path("files/", include("quetsach_portal.files.urls")),
    path("rechecks/", include("quetsach_portal.rechecks.urls")),
    path("calendars/", include("quetsach_portal.calendars.urls")),
    path("calendar/<str:secret>.ics", calendar, name="calendar_feed"),
    path("public/", include("quetsach_portal.public_figures.open_urls")),
    path("public-figures/", include("quetsach_portal.public_figures.urls")),
    path("public-page/", include("quetsach_portal.publishing.urls")),
    path("reports/", include("quetsach_portal.reports.urls")),
    path("units/", include("quetsach_portal.register.urls")),
    path("programs/", include("quetsach_portal.api.urls")),
    path("api/v1/", interface.urls),
    path("lists/<int:campaign_id>/<str:name>", device_list, name="device_list"),
    path("oversight/", include("quetsach_portal.oversight.urls")),
]

handler400 = "quetsach_portal.web.error_pages.bad_request"
handler403 = "quetsach_portal.web.error_pages.forbidden"
handler404 = "quetsach_portal.web.error_pages.not_found"
handler500 = "quetsach_portal.web.error_pages.server_error"
