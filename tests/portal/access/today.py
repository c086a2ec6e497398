"""Who may open the first page, and what belongs to no app."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.people.models.news import MailChoice, MailSort, NewsEvent, NewsKind
from quetsach_portal.people.news.mail_choices import _signature
from quetsach_portal.people.news.writing import NewsSubject, tell
from tests.portal.access import followup, intake, reports
from tests.portal.access.row import ALL, EVERYWHERE, Row
from tests.portal.looks.collecting import collection
from tests.portal.world import World


def _collected(_world: World, _code: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    zip_file = SimpleUploadedFile("quetsach-PC-01-20261130-090000.zip", collection())
    return {"file": zip_file, "note": "", "token": str(uuid4()), "machines": "9"}


def _slot(world: World, code: str) -> Mapping[str, Any]:
    return {"slot_id": reports._slot(world, code).pk}


def _news(world: World, code: str) -> Mapping[str, Any]:
    subject = NewsSubject("case:1", "VV-1", "/")
    tell(NewsKind.MACHINE, world.units[code].pk, subject)
    return {"event_id": NewsEvent.objects.latest("pk").pk}


def _mail_off(world: World, code: str) -> Mapping[str, Any]:
    choice, _is_new = MailChoice.objects.get_or_create(
        address="van.thu@coquan.example", sort=MailSort.DIGEST
    )
    return {"choice_id": choice.pk, "signature": _signature(choice)}


def _help_page(_world: World, _code: str) -> Mapping[str, Any]:
    return {"key": "van-thu"}


ROWS = (
    Row("home", get=ALL),
    Row("find", get=ALL),
    Row("today_next", get=ALL),
    Row(
        "today_receive",
        get=None,
        post={"own": "FP SG CK"},
        seen=followup.SEES,
        make=followup._unit,
    ),
    Row(
        "today_look",
        get=None,
        post={"own": "FP TE"},
        make=intake._node,
        data=_collected,
    ),
    Row(
        "today_send",
        get=None,
        post={"own": "FP CO"},
        seen=reports.SEES,
        make=_slot,
        data={"v-people_took_part": "3", "gap": "nobody"},
    ),
    Row("news:index", get=ALL),
    Row("news:read_all", get=None, post=ALL, data={"until": "5"}),
    Row("news:open", get=None, post={"own": "LO LA CO FP TE"}, make=_news),
    Row("mail_choices", get=ALL, post=ALL, data={"sort": ["machines"]}),
    # The link is the proof, as it lies in the mailbox.
    Row(
        "mail_off",
        make=_mail_off,
        get=EVERYWHERE,
        post=EVERYWHERE,
        public=True,
        without_seat=200,
        csrf=False,
    ),
    Row("guide:index", get=ALL, public=True),
    Row("guide:subjects", get=ALL, public=True),
    Row("guide:words", get=ALL, public=True),
    Row("guide:role", make=_help_page, get=EVERYWHERE, public=True, without_seat=200),
    Row("offline", get=ALL, public=True),
    Row("offline_worker", get=ALL, public=True),
    Row("offline_state", get=ALL),
    Row("health", get=ALL, post=None, public=True),
    # No worker has beaten in a test, so it is not ready for anybody.
    Row("ready", always=503, public=True),
    Row("metrics", always=404, public=True),
    Row("switch_language", get=None, post=ALL, public=True, data={"language": "en"}),
)
