"""Collections of machines as they are handed in, and looks without a sweep; for tests."""

import io
import zipfile
from datetime import datetime, timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.looks.counting import settle, window_of
from quetsach_portal.looks.models import MachineLook
from quetsach_portal.looks.recording import TakenLook, record_looks
from tests.portal.world import World

SOCKETS = "LocalAddress\tLocalPort\tRemoteAddress\tRemotePort\tState\tOwningProcess\r\n"
RECORDS = "Entry\tRecordName\tRecordType\tStatus\tSection\tTimeToLive\tDataLength\tData\r\n"


def collection(
    host: str = "PC-01",
    *,
    mac: str = "00-17-A4-B2-C3-D4",
    taken_at: datetime | None = None,
    without: str = "",
    port: int = 51544,
    reached: str = "198.51.100.9",
) -> bytes:
    """Return the zip that the collector wrote on a machine; `port` makes its content differ."""
    taken = timezone.localtime(taken_at).isoformat(timespec="seconds")
    texts = {
        "connections.tsv": (
            "tcp",
            f"{SOCKETS}10.0.0.5\t{port}\t{reached}\t443\tEstablished\t4\r\n",
        ),
        "dnscache.tsv": (
            "dnscache",
            f"{RECORDS}ok.example\tok.example\t1\t0\t1\t3\t4\t{reached}\r\n",
        ),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, (holds, text) in texts.items():
            if name != without:
                first = f"# quetsach-collect 1 holds={holds} host={host} mac={mac}"
                archive.writestr(name, f"{first} address=10.0.0.5 taken={taken}\r\n{text}")
    return packed.getvalue()


def taken(
    host: str = "PC-01",
    mac: str = "00-17-A4-B2-C3-D4",
    *,
    age: timedelta = timedelta(hours=1),
    connections: int | None = 3,
    names: int | None = 2,
    content: str = "",
) -> TakenLook:
    """Return a look as the reader answers it; its content is its own unless it is given."""
    return TakenLook(
        host=host,
        mac=mac,
        address="10.0.0.5",
        taken_at=timezone.now() - age,
        connections=connections,
        names=names,
        content=content or f"{host}{mac}".ljust(64, "0")[:64],
    )


def node_of(world: World, code: str = "TC01") -> CampaignNode:
    """Return the unit's node with what the acts need."""
    return CampaignNode.objects.select_related("campaign", "unit").get(pk=world.nodes[code].pk)


def looked(
    world: World, *looks: TakenLook, code: str = "TC01", source: str = "submission:1", days: int = 0
) -> list[MachineLook]:
    """Return the looks of a unit as a hand-in records them, counted up the tree."""
    node = node_of(world, code)
    recorded = record_looks(node, looks, source=source, received_at=timezone.now())
    settle(node.campaign, [node], {node.pk: days}, window_of(world.phase))
    return recorded
