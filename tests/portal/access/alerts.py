"""Who may open the pages of the app `alerts`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.alerts.mail_texts import signature_of
from quetsach_portal.alerts.models import Alert, AlertMail
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import EVERYWHERE, Row
from tests.portal.alerts.alerted import alerted, channel_of
from tests.portal.world import World, make_campaign


def _mail(world: World, code: str) -> Mapping[str, Any]:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    world.user(code, Role.FOCAL_POINT)
    alerted(world, code)
    mail = AlertMail.objects.latest("pk")
    return {"mail_id": mail.pk, "signature": signature_of(mail)}


def _answer(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    alert = Alert.objects.filter(mails=arguments["mail_id"]).latest("pk")
    return {"alert": alert.pk, "answer": "found", "remark": ""}


def _alert(world: World, code: str) -> Mapping[str, Any]:
    return {"alert_id": Alert.objects.filter(mails=_mail(world, code)["mail_id"]).latest("pk").pk}


def _reply(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"alert": arguments["alert_id"], "answer": "found", "remark": ""}


def _unit(world: World, code: str) -> Mapping[str, Any]:
    return {"unit_id": world.units[code].pk}


def _channel(world: World, code: str) -> Mapping[str, Any]:
    return {"channel_id": channel_of(world, code, "json://127.0.0.1:9/x").pk}


ROWS = (
    Row("alerts:index", get="LO LA CO FP TE"),
    Row("alerts:channels", get="LO LA FP"),
    Row("alerts:add_channel", make=_unit, get="LO LA FP", post="LO LA FP", data={"url": "x://y"}),
    Row("alerts:test_channel", make=_channel, get=None, post="LO LA FP"),
    Row("alerts:remove_channel", make=_channel, get=None, post="LO LA FP"),
    Row("alerts:reply", make=_alert, get="FP TE", post="FP TE", data=_reply),
    # Whoever holds the link may use it: that is what it is for.
    Row(
        "alert",
        make=_mail,
        get=EVERYWHERE,
        post=EVERYWHERE,
        public=True,
        without_seat=200,
        data=_answer,
        csrf=False,
    ),
)
