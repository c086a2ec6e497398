"""A table and a site made for the tests, with documentation addresses."""

import hashlib
import shutil
import tempfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from quetsach_public.addresses import proxies_of
from quetsach_public.pages.building import build_site
from quetsach_public.pages.campaign import PageCampaign, write_campaign
from quetsach_public.pages.tools import ListedTool
from quetsach_public.settings import Settings
from quetsach_public.table import MalwareFamily
from quetsach_public.table_writing import PublicEntry, TableContents, write_table

MADE_AT = datetime(2022, 9, 20, 1, 0, tzinfo=UTC)
NOW = datetime(2022, 9, 21, 1, 0, tzinfo=UTC)
MIRAI = MalwareFamily("Mirai", ("camera", "router"))
EMOTET = MalwareFamily("Emotet", ("windows",))
CAMPAIGN = PageCampaign(
    title="Chiến dịch làm sạch mã độc 2022",
    office="Phòng A & B <x> C",
    phone="0299 000 000",
    address="https://quetsach.example",
    domains=("quetsach.example", "tracu.example"),
    documents="https://baocao.example/van-ban",
)
TOOL = ListedTool(
    name="Máy quét <Sen>",
    maker="Hãng Sen",
    version="4.2",
    file="sen-setup.exe",
    sha256=hashlib.sha256(b"MZ tool").hexdigest(),
    address="https://sen.example/tai-ve",
    purpose={"vi": "Quét máy tính", "en": "Scans computers"},
    platforms=("windows", "haiku"),
    languages=("vi", "en"),
)


def contents(*listed: PublicEntry, shared: tuple[str, ...] = ("198.51.100.0/26",)) -> TableContents:
    return TableContents(
        list_name="danh-sach-2022-09",
        made_at=MADE_AT,
        days_valid=7,
        families=(MIRAI, EMOTET),
        ranges=("192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"),
        shared=shared,
        listed=listed,
    )


def seen(network: str, family: str = "Mirai", first: int = 1, last: int = 18) -> PublicEntry:
    return PublicEntry(network, family, date(2022, 9, first), date(2022, 9, last))


def made_home(folder: Path, proxies: str = "") -> Settings:
    """Return settings whose home holds a table, pages and a campaign."""
    made = Settings(folder, proxies_of(proxies))
    folder.mkdir(parents=True, exist_ok=True)
    write_table(made.table, contents(seen("192.0.2.10"), seen("198.51.100.7")))
    write_campaign(made.campaign, CAMPAIGN)
    shutil.copytree(_built_site().name, folder, symlinks=True, dirs_exist_ok=True)
    return made


@cache
def _built_site() -> "tempfile.TemporaryDirectory[str]":
    """Return a home with nothing but the pages, which are the same for every test."""
    home = tempfile.TemporaryDirectory(prefix="quetsach-site-")
    build_site(Settings(Path(home.name), proxies_of("")).site, CAMPAIGN, [TOOL])
    return home
