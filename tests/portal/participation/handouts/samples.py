"""A public page with one tool, and handouts pulled for its units."""

import hashlib

import pypdfium2

from quetsach_portal.participation.handouts import editions
from quetsach_portal.participation.handouts.giver import HandoutKind
from quetsach_portal.participation.models import JoinKind
from quetsach_portal.people.models.roles import Role
from quetsach_public.pages.campaign import PageCampaign
from quetsach_public.pages.tools import ListedTool

SAID = PageCampaign(
    title="Chiến dịch làm sạch mã độc 2022",
    office="Phòng Văn hóa và Thông tin",
    phone="0294 000 000",
    address="https://quetsach.example",
    domains=("quetsach.example",),
)

TOOL = ListedTool(
    name="Máy quét Sen",
    maker="Hãng Sen",
    version="4.2",
    file="sen-setup.exe",
    sha256=hashlib.sha256(b"MZ").hexdigest(),
    address="https://sen.example/tai-ve",
    purpose={"vi": "Quét máy"},
    platforms=("windows",),
)


def text_in(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        read = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(read).replace("\u200b", "").replace("\ufffe", "-").split())


def pull(
    world, kind: HandoutKind, code: str = "TC01", language: str = "vi"
) -> editions.PulledMaterial:
    actor = world.user(code, Role.CLERK)
    node = world.nodes[code]
    return editions.pull(node, kind, language, audience=JoinKind.PUBLIC, actor=actor)
