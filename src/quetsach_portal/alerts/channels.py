"""Channels beside the mail: webhook, syslog, Telegram, Teams and others of the kind.

A unit or an office adds the address of its channel; whoever knows that address can write there, so
it is kept encrypted and shown as kind and host alone. What is sent is as thin as the mails.
"""

import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.alerts.models import (
    OPEN_STATES,
    WANTS_OFFICE,
    Alert,
    AlertChannel,
    ChannelMessage,
    ChannelMessageState,
)
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_CHANNELS = 5
RETRY_FOR = timedelta(hours=24)
_LONGEST_WAIT_MINUTES = 60
_MOST_SECONDS = 25
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")

PROBLEMS = {
    "unknown": _lazy("This is not an address of a channel that the portal can use."),
    "options": _lazy("The address has options that the portal does not accept."),
    "hook-key": _lazy("The key of a signed webhook has at least 24 bytes: ?key=whsec_..."),
    "host": _lazy("The operator of the portal has not allowed this host."),
    "address": _lazy("The host leads to a private address that the operator has not allowed."),
    "no-answer": _lazy("The host did not take the message."),
    "key": _lazy("The key of the portal has changed. Add the channel again."),
}


def problem_text(code: str) -> str:
    """Return what a problem means to a person, "" for none."""
    if code.startswith("status-"):
        return _("The host answered with status %(status)s.") % {"status": code[7:]}
    return str(PROBLEMS.get(code, code))


def add(unit: OrgUnit, url: str, *, actor: User) -> AlertChannel:
    """Return the new channel of `unit`. Errors: Refused for what is no channel or not allowed."""
    described = _ask(url, "", "")
    if described["problem"]:
        raise Refused(problem_text(described["problem"]), field="url")
    with transaction.atomic():
        unit = OrgUnit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if standing([unit.pk]).count() >= MOST_CHANNELS:
            raise Refused(_("A unit has at most %(count)s channels.") % {"count": MOST_CHANNELS})
        channel = AlertChannel.objects.create(
            unit=unit,
            kind=described["kind"],
            host=described["host"][:255],
            secret=_box().encrypt(url.encode()).decode(),
            added_by=actor,
        )
        _audit("channel.added", channel, actor)
    return channel


def send_test(channel: AlertChannel, *, actor: User) -> None:
    """Send a message to the channel that says that it is a test."""
    with transaction.atomic():
        _audit("channel.tested", channel, actor)
        with translation.override("vi"):
            _enqueue(channel, None, _("Test: alerts of the portal arrive here."))


def remove(channel: AlertChannel, *, actor: User) -> None:
    """End the channel: its address is forgotten, and what waits for it is not sent."""
    with transaction.atomic():
        _audit("channel.removed", channel, actor)
        AlertChannel.objects.filter(pk=channel.pk).update(secret="", removed_at=timezone.now())
        ChannelMessage.objects.filter(channel=channel, node__isnull=True).delete()


def standing(units: Collection[int]) -> QuerySet[AlertChannel]:
    """Return the channels of these units."""
    rows = AlertChannel.objects.filter(unit__in=units, removed_at__isnull=True)
    return rows.select_related("unit").order_by("unit__name", "pk")


def newest_messages(channels: Sequence[AlertChannel]) -> dict[int, ChannelMessage]:
    """Return the newest message of each channel, by the channel's id."""
    rows = ChannelMessage.objects.filter(channel__in=[one.pk for one in channels])
    return {row.channel_id: row for row in rows.order_by("made_at", "pk")}


def send_to_channels(
    node: CampaignNode, text: str, *, key: str = "", alerts: Sequence[Alert] = ()
) -> int:
    """Send `text` to all channels of the unit of `node`; return to how many it is new.

    The same `key` goes to a channel once. `text` holds no machine, address, person or indicator.
    The caller holds the transaction.
    """
    return sum(
        _enqueue(channel, node, text, key=key, alerts=alerts)
        for channel in standing([node.unit_id])
    )


def _enqueue(
    channel: AlertChannel,
    node: CampaignNode | None,
    text: str,
    *,
    key: str = "",
    alerts: Sequence[Alert] = (),
) -> bool:
    message, is_new = ChannelMessage.objects.get_or_create(
        channel=channel,
        key=key or secrets.token_hex(16),
        defaults={"node": node, "text": text[:1000]},
    )
    if is_new:
        message.alerts.set(alerts)
        _ask_for(message)
    return is_new


def _ask_for(message: ChannelMessage) -> None:
    wait = min(2**message.tries, _LONGEST_WAIT_MINUTES) if message.tries else 0
    enqueue(
        "alerts.send",
        key=f"alerts.send:{message.pk}:{message.tries}",
        payload={"message": message.pk},
        run_after=timezone.now() + timedelta(minutes=wait),
    )


def deliver(work: RunningJob) -> None:
    """Send one message, or ask for it again later, for a day; a job's handler."""
    rows = ChannelMessage.objects.select_related("channel").filter(pk=work.payload["message"])
    message = rows.filter(state=ChannelMessageState.QUEUED).first()
    if message is None:
        with work.finishing():
            return
    is_needed = message.channel.removed_at is None and _is_needed(message)
    problem = _send(message) if is_needed else ""
    now = timezone.now()
    message.problem, message.tries = problem, message.tries + 1
    if not is_needed:
        message.state, message.done_at = ChannelMessageState.NOT_NEEDED, now
    elif not problem:
        message.state, message.done_at = ChannelMessageState.SENT, now
    elif problem == "key" or now - message.made_at > RETRY_FOR:
        message.state, message.done_at = ChannelMessageState.FAILED, now
    with work.finishing():
        rows.update(
            state=message.state,
            problem=problem,
            tries=message.tries,
            done_at=message.done_at,
        )
        if message.state == ChannelMessageState.QUEUED:
            _ask_for(message)


def _is_needed(message: ChannelMessage) -> bool:
    """Return whether somebody still has to see to what it is about."""
    waiting = Q(state__in=OPEN_STATES) | Q(answer__in=WANTS_OFFICE)
    return not message.alerts.exists() or message.alerts.filter(waiting).exists()


def _send(message: ChannelMessage) -> str:
    """Return the code of what went wrong, "" for nothing."""
    try:
        url = _box().decrypt(message.channel.secret.encode()).decode()
    except InvalidToken:
        return "key"
    number = f"msg_{message.channel_id}_{message.pk}"
    return _ask(url, "quét sạch", message.text, number)["problem"][:20]


def _ask(url: str, title: str, text: str, number: str = "") -> dict[str, str]:
    """Return what the program says that alone reaches channels (speaking.py); it is bounded.

    It gets nothing of the portal's surroundings but where certificates lie: no proxy, no secret.
    """
    question = {
        "url": url,
        "title": title,
        "text": text,
        "number": number,
        "hosts": settings.QUETSACH.channel_hosts,
    }
    try:
        done = subprocess.run(  # our own program, nothing of it is from outside
            [sys.executable, "-I", "-m", "quetsach_portal.alerts.speaking"],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=_MOST_SECONDS,
            env={name: os.environ[name] for name in _CERTIFICATES if name in os.environ},
            check=True,
        )
        answer: Mapping[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return {"kind": "", "host": "", "problem": "no-answer"}
    return {name: str(answer.get(name, "")) for name in ("kind", "host", "problem")}


def _box() -> Fernet:
    key = hashlib.sha256(b"alerts.channels:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _audit(act: str, channel: AlertChannel, actor: User) -> None:
    record(
        act,
        actor=actor,
        kind="channel",
        object_id=channel.pk,
        unit_path=channel.unit.path,
        detail={"kind": channel.kind, "host": channel.host},
    )
