"""Every address of the portal, app by app, and the health check."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET

from quetsach_portal.alerts.views import answer as alert_answer
from quetsach_portal.api.interface import interface
from quetsach_portal.api.views import device_list
from quetsach_portal.campaigns import urls as campaigns
from quetsach_portal.campaigns.calendar.views import calendar
from quetsach_portal.followup import urls as followup
from quetsach_portal.lifecycle import urls as lifecycle
from quetsach_portal.operations.prometheus import prometheus_text
from quetsach_portal.operations.vital_signs import vital_signs
from quetsach_portal.participation.slips.views import slip
from quetsach_portal.participation.views import join, joined
from quetsach_portal.people import urls as people
from quetsach_portal.people.roles.views import accept
from quetsach_portal.people.views import switch_language
from quetsach_portal.publishing.figures import urls as public_figures
from quetsach_portal.ranges.views.notices import answer as notice_answer
from quetsach_portal.rehearsals import urls as rehearsals
from quetsach_portal.reports import urls as reports
from quetsach_portal.reports.workbooks import urls as workbooks
from quetsach_portal.web import offline
from quetsach_portal.web.degraded import ALIVE
from quetsach_portal.worklist.news.views import mail_choices, mail_off


@require_GET
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Return "ok": this process answers; `DegradedMiddleware` says so before all else."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """Return a line for each vital sign; 503 when the portal should get no requests."""
    signs = vital_signs()
    text = "".join(f"{sign.name}: {sign.state}\n" for sign in signs)
    status = 200 if all(sign.is_ready for sign in signs) else 503
    return HttpResponse(text, content_type="text/plain", status=status)


@require_GET
@login_not_required
def figures(request: HttpRequest) -> HttpResponse:
    """Return the portal's figures for Prometheus, to who has the token for them."""
    token = settings.QUETSACH.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(given, token):
        raise Http404
    return HttpResponse(prometheus_text(), content_type="text/plain; version=0.0.4; charset=utf-8")


_ONLY_IN_A_REHEARSAL = [path("rehearsal/", include("quetsach_portal.rehearsals.inside.urls"))]

urlpatterns = [
    *(_ONLY_IN_A_REHEARSAL if settings.REHEARSAL else ()),
    path("", include("quetsach_portal.worklist.urls")),
    path("news/", include("quetsach_portal.worklist.news.urls")),
    path("help/", include("quetsach_portal.worklist.guide.urls")),
    path(ALIVE.lstrip("/"), health, name="health"),
    path("ready", ready, name="ready"),
    path("metrics", figures, name="metrics"),
    path("offline/", offline.offline_page, name="offline"),
    path("offline/state", offline.state, name="offline_state"),
    path("offline-worker.js", offline.worker, name="offline_worker"),
    path("language", switch_language, name="switch_language"),
    path("account/mails/", mail_choices, name="mail_choices"),
    path("mail-off/<int:choice_id>/<slug:signature>/", mail_off, name="mail_off"),
    path("account/", include("quetsach_portal.lifecycle.persons.urls")),
    path("account/", include(people.account_urlpatterns)),
    path("account/invitation/<str:token>/", accept, name="invitation"),
    path("alerts/", include("quetsach_portal.alerts.urls")),
    path("alert/<int:mail_id>/<slug:signature>/", alert_answer, name="alert"),
    path("ranges/", include("quetsach_portal.ranges.urls")),
    path("notice/<int:forwarding_id>/<slug:signature>/", notice_answer, name="notice"),
    path("cases/", include("quetsach_portal.cases.urls")),
    path(
        "campaigns/",
        include(
            (
                [*campaigns.urlpatterns, *lifecycle.urlpatterns, *rehearsals.urlpatterns],
                campaigns.app_name,
            )
        ),
    ),
    *rehearsals.inside_urlpatterns,
    path("figures/", include("quetsach_portal.dashboards.urls")),
    path("letters/", include("quetsach_portal.letters.urls")),
    path(
        "followup/",
        include(([*followup.urlpatterns, *reports.paper_urlpatterns], followup.app_name)),
    ),
    path("sensors/", include("quetsach_portal.sensors.urls")),
    path("fingerprints/", include("quetsach_portal.prints.urls")),
    path("evidence/", include("quetsach_portal.intake.urls")),
    path("planted/", include("quetsach_portal.planted.urls")),
    path("check/", include("quetsach_portal.reports.verification.urls")),
    path("reports/documents/", include("quetsach_portal.reports.documents.urls")),
    path("reports/workbooks/", include("quetsach_portal.reports.workbooks.urls")),
    path("reports/bulk/", include(workbooks.batch_urls)),
    path("reports/from/", include(reports.trace_urls)),
    path("reports/certificates/", include("quetsach_portal.reports.certificates.urls")),
    path("reports/forms/", include("quetsach_portal.reports.phase_forms.urls")),
    path("handouts/", include("quetsach_portal.participation.handouts.urls")),
    path("participation/", include("quetsach_portal.participation.urls")),
    path("join/<str:code>/", join, name="join"),
    path("join/<str:code>/thanks", joined, name="joined"),
    path("slip/", slip, name="slip"),
    path("people/", include(people)),
    path("files/", include("quetsach_portal.files.urls")),
    path("rechecks/", include("quetsach_portal.cases.rechecks.urls")),
    path("calendars/", include("quetsach_portal.campaigns.calendar.urls")),
    path("calendar/<str:secret>.ics", calendar, name="calendar_feed"),
    path("public/", include((public_figures.open_urlpatterns, "public"))),
    path("public-figures/", include(public_figures)),
    path("public-page/", include("quetsach_portal.publishing.urls")),
    path("reports/", include("quetsach_portal.reports.urls")),
    path("units/", include("quetsach_portal.register.urls")),
    path("programs/", include("quetsach_portal.api.urls")),
    path("api/v1/", interface.urls),
    path("versions/", include("quetsach_portal.lists.urls")),
    path("lists/<int:campaign_id>/<str:name>", device_list, name="device_list"),
    path("oversight/", include("quetsach_portal.operations.urls")),
]

handler400 = "quetsach_portal.web.frame.bad_request"
handler403 = "quetsach_portal.web.frame.forbidden"
handler404 = "quetsach_portal.web.frame.not_found"
handler500 = "quetsach_portal.web.frame.server_error"
