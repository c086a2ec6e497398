"""`python -m quetsach_public.push_sending`: tell who waits that there is a newer list, then end.

A process of its own, for the plane itself has no way out. The message is the same whatever the
answer is, so that neither its sending nor its length tells anything; the answer stands on the page.
"""

import argparse
import http.client
import json
import ssl
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from quetsach_public.asking_again import answer_kind
from quetsach_public.pages.campaign import prefix, texts
from quetsach_public.sealed_tickets import TicketSeals, TicketState, format_ticket
from quetsach_public.settings import Settings, local_now, settings
from quetsach_public.table import AddressTable
from quetsach_public.waiting_pushes import WaitingPush, WaitingPushes
from quetsach_public.web_push import PushSigner, is_allowed, sealed

TIMEOUT_S = 10
TTL_S = 7 * 86_400
"""Seconds that a service keeps the message for a browser that is off."""

_GONE = (404, 410)
_LATER = (429, 500, 502, 503, 504)

Connect = Callable[[str], http.client.HTTPConnection]


def _connected(host: str) -> http.client.HTTPConnection:
    """Return a connection that proves whose it is. No redirect is ever followed."""
    return http.client.HTTPSConnection(
        host, timeout=TIMEOUT_S, context=ssl.create_default_context()
    )


def send_due(here: Settings, now: datetime, connect: Connect = _connected) -> Counter[str]:
    """Send what is due; how many were sent, wait, are gone, have ended, or were refused.

    Raises OSError, TableError where there is no table.
    """
    table, waiting = AddressTable(here.table), WaitingPushes(here.run)
    seals, signer = TicketSeals(here.run), PushSigner(here.run / "push.vapid", here.push)
    counts: Counter[str] = Counter()
    for path, push in waiting.each(now.date()):
        state, ticket = seals.open(push.ticket, now.date())
        if state is not TicketState.GOOD or ticket is None:
            outcome = "ended"
        elif answer_kind(table, ticket, now) not in ("seen", "not-seen"):
            outcome = "waits"
        else:
            outcome = _sent(push, signer, now, connect)
        counts[outcome] += 1
        if outcome != "waits":
            path.unlink(missing_ok=True)
    return counts


def _sent(push: WaitingPush, signer: PushSigner, now: datetime, connect: Connect) -> str:
    """Return "sent", "waits" where the service has no time, "gone", or "refused"."""
    endpoint = push.subscription.endpoint
    if not is_allowed(endpoint):
        return "refused"
    parts = urlsplit(endpoint)
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_S),
        "Urgency": "low",
        "Authorization": signer.authorization(endpoint, now),
    }
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        with closing(connect(parts.hostname or "")) as connection:
            connection.request("POST", path, sealed(push.subscription, _message(push)), headers)
            status = connection.getresponse().status
    except UnicodeError:
        # No name that can be asked for: whoever sent it must not keep others waiting.
        return "refused"
    except (OSError, http.client.HTTPException):
        return "waits"
    if 200 <= status < 300:
        return "sent"
    return "gone" if status in _GONE else "waits" if status in _LATER else "refused"


def _message(push: WaitingPush) -> bytes:
    words: dict[str, Any] = texts(push.language)["later"]["push"]
    path = f"{prefix(push.language)}/hoi-lai/{format_ticket(push.ticket)}"
    return json.dumps({"title": words["title"], "body": words["body"], "path": path}).encode()


def main(words: list[str] | None = None) -> int:
    """Send once. Exit 0, also where nobody waits; 2 where it is off or there is no list."""
    argparse.ArgumentParser(description="Tell who waits that there is a newer list.").parse_args(
        words
    )
    here = settings()
    if not here.push:
        sys.stderr.write("Push is off: QUETSACH_PUBLIC_PUSH names no contact.\n")
        return 2
    try:
        counts = send_due(here, local_now())
    except (OSError, ValueError) as error:
        sys.stderr.write(f"No list to tell of in QUETSACH_PUBLIC_HOME: {error}\n")
        return 2
    line = " ".join(f"{outcome}={count}" for outcome, count in sorted(counts.items()))
    sys.stdout.write(f"{line or 'nobody waits'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
