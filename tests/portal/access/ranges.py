"""Who may open the pages of the app `ranges`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.asking import signature_of
from quetsach_portal.ranges.models import Forwarding, NoticeQuestion, PublicRange
from tests.portal.access.row import EVERYWHERE, Row
from tests.portal.cases.rows import Rewound
from tests.portal.ranges.asked import allotted_to
from tests.portal.world import World, make_campaign

Arguments = Mapping[str, Any]


def _office(world: World, code: str) -> Arguments:
    return {"office_id": world.units[code].pk}


def _range(world: World, code: str) -> Arguments:
    row = PublicRange.objects.create(
        office=world.units[code],
        unit=world.units[code],
        cidr="192.0.2.0/28",
        source="x",
        added_by=world.user(code, Role.CLERK),
    )
    return {"range_id": row.pk}


def _batch(world: World, code: str) -> Arguments:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return {"batch_id": allotted_to(world, code).batch_id}


def _asked(world: World, code: str) -> Arguments:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return {"forwarding_id": allotted_to(world, code).pk}


def _link(world: World, code: str) -> Arguments:
    forwarding = Forwarding.objects.get(pk=_asked(world, code)["forwarding_id"])
    return {"forwarding_id": forwarding.pk, "signature": signature_of(forwarding)}


def _lead(world: World, code: str) -> Arguments:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return {"node_id": world.nodes[code].pk}


def _file(_world: World, _code: str, _arguments: Arguments) -> Arguments:
    day = timezone.localdate() + timedelta(days=5)
    return {"upload": Rewound("n.csv", b"timestamp,ip\n"), "due": f"{day:%d/%m/%Y}"}


def _table(_world: World, _code: str, _arguments: Arguments) -> Arguments:
    return {"upload": Rewound("r.csv", b"unit,cidr\n-,198.51.100.0/24\n"), "source": "x"}


def _prefixes(_world: World, _code: str, _arguments: Arguments) -> Arguments:
    return {"upload": Rewound("p.txt", b"198.51.100.0\t24\t64500\n"), "as_of": "01/11/2022"}


def _decision(_world: World, _code: str, arguments: Arguments) -> Arguments:
    batch = NoticeBatch.objects.get(pk=arguments["batch_id"])
    return {"address": batch.allotted.latest("number").address, "unit": "-"}


def _answer(_world: World, _code: str, arguments: Arguments) -> Arguments:
    question = NoticeQuestion.objects.filter(forwarding=arguments["forwarding_id"]).latest("pk")
    return {"questions": question.pk, "answer": "not-ours", "looked_at": "x"}


RANGE = {"unit": "-", "text": "203.0.113.0/28", "source": "x"}

ROWS = (
    Row("ranges:index", get="LO LA"),
    Row("ranges:add", make=_office, get="LO LA", post="LO LA", data=RANGE),
    Row("ranges:add_file", make=_office, get="LO LA", post="LO LA", data=_table),
    Row("ranges:prefixes", make=_office, get="LO LA", post="LO LA", data=_prefixes),
    Row("ranges:approve", make=_office, get=None, post="LO LA"),
    Row("ranges:end", make=_range, get="LO LA", post="LO LA"),
    Row("ranges:notices_index", get="LO LA FP TE"),
    Row("ranges:hand_in", make=_lead, seat="TC", get="LO", post="LO", data=_file),
    Row("ranges:notices", make=_batch, get="LO LA"),
    Row("ranges:decide", make=_batch, get=None, post="LO LA", data=_decision),
    Row("ranges:again", make=_batch, get=None, post="LO LA"),
    Row("ranges:notices_csv", make=_batch, get="LO LA"),
    Row("ranges:notices_letter", make=_batch, get="LO LA"),
    Row("ranges:notices_json", make=_batch, get="LO LA"),
    Row("ranges:asked", make=_asked, get="FP TE", post="FP TE", data=_answer),
    # Whoever holds the link may use it: that is what it is for.
    Row(
        "notice",
        make=_link,
        get=EVERYWHERE,
        post=EVERYWHERE,
        public=True,
        without_seat=200,
        data=_answer,
        csrf=False,
    ),
)
