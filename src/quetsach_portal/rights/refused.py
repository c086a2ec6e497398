"""Refused accesses as log lines: who, what, which object, and nothing of its content (L2).

They go to the log and not to the audit trail: a scanner makes thousands of them, and each row of
the trail holds a lock that acts wait for. A 404 counts where an address with an object was asked
for, since "not there" and "not yours" look alike from outside.
"""

import logging

from django.http import HttpRequest, HttpResponse

from quetsach_portal.audit.record import client_ip, shortened

log = logging.getLogger(__name__)


def note_refusal(request: HttpRequest, response: HttpResponse) -> None:
    """Write a line when `response` refuses somebody who is signed in."""
    if response.status_code not in (403, 404) or not request.user.is_authenticated:
        return
    match = request.resolver_match
    # Numbers name objects; any other part of an address may be a secret.
    asked = {} if match is None else match.kwargs
    objects = {key: value for key, value in asked.items() if isinstance(value, int)}
    if response.status_code == 404 and not objects:
        return
    log.warning(
        "access refused",
        extra={
            "status": response.status_code,
            "actor": request.user.pk,
            "method": request.method,
            "page": "" if match is None else match.view_name,
            "object": objects,
            "net": shortened(client_ip.get()),
        },
    )
