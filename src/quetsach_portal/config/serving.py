"""What `quetsach serve` gives to the server: the portal as WSGI, with the front before it.

Sync Django under ASGI is five to ten times slower.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import reverse

from quetsach_portal.config.environment import limit_questions
from quetsach_portal.config.front import Environ, ResponseSummary, RsgiFront
from quetsach_portal.web.bound_processes import end_with
from quetsach_public.request_figures import RequestFigures

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
application = get_wsgi_application()


def front_of_portal() -> RsgiFront:
    """Return the front of the portal.

    `application` has loaded the apps by now; before that no module with a table may be imported.
    """
    from quetsach_portal.config.admission import admit
    from quetsach_portal.config.schema_gate import SchemaGate
    from quetsach_portal.files.storage import incoming_folder

    end_with(os.getppid())
    limit_questions(connections.settings["default"])
    gate = SchemaGate(application)
    gate.look()
    # Whoever asks first would wait for all views to be read: 1.5 s of processor.
    reverse("home")
    figures = RequestFigures()
    figures.keep_in(settings.QUETSACH.home / "request-figures", "portal")
    figures.run()
    return RsgiFront(
        gate,
        gate.admitting(admit),
        incoming_folder,
        frozenset(settings.QUETSACH.trusted_proxies),
        busy=busy_answer,
        count=figures.count,
    )


def busy_answer(environ: Environ) -> ResponseSummary:
    """Return what is said to whom no thread is free."""
    from quetsach_portal.web.degraded import NotServed, plain_answer

    headers, body = plain_answer(environ["PATH_INFO"], environ["REQUEST_METHOD"], NotServed.BUSY)
    return ResponseSummary(503, headers, body)


front = front_of_portal()
