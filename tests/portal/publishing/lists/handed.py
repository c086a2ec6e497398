"""Lists handed in, notices, and what the table says of an address."""

from datetime import timedelta
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.files.actions import FileUpload
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import table
from quetsach_portal.publishing.lists import actions
from quetsach_portal.publishing.models import ListKind, PublicList
from quetsach_portal.publishing.writing import WRITE, WRITERS, write_folder
from tests.portal import working

RANGES = b"192.0.2.0/24\n198.51.100.0/24\n2001:db8::/32\n"

SHARED = "198.51.100.0/26,NAT của nhà mạng\n".encode()


def handed_in(world, kind: ListKind, content: bytes, name: str = "danh-sach.csv") -> PublicList:
    made = actions.hand_in(
        world.campaign,
        kind,
        FileUpload(SimpleUploadedFile(name, content)),
        name="",
        country="VN",
        actor=world.user("TC", Role.LEAD_ANALYST),
    )
    write_table_alone()
    made.refresh_from_db()
    return made


def write_table_alone() -> None:
    """Run what is ready; of the public folder one part alone is written."""
    only = [one for one in WRITERS if one.write is table.write_address_table]
    working.run_ready(handlers={WRITE: partial(write_folder, writers=only)})


def seen(address: str, family: str, day: str) -> bytes:
    return f"timestamp,ip,infection\n{day}T03:00:00Z,{address},{family}\n".encode()


def today(days_ago: int = 0) -> str:
    return (timezone.localdate() - timedelta(days=days_ago)).isoformat()
