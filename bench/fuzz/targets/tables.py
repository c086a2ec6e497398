"""Tables that people and authorities write: notices, ranges, inventories, handlings, messages."""

import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.fuzz.as_file import by_path
from bench.fuzz.mutation import mutated_any, mutated_json, mutated_text, mutated_xml
from bench.fuzz.packed_mutation import mutated_zip
from bench.fuzz.samples import texts_in
from bench.fuzz.target import BrokenPromiseError, FuzzTarget
from quetsach.attribution import overrides, port_blocks
from quetsach.avreport import message, reading, verify
from quetsach.formats import table_maps
from quetsach.inventory import cells, headings, machines, plan, sections, tables
from quetsach.inventory import read as inventory
from quetsach.notices import moments, range_files
from quetsach.notices import read as notices
from quetsach.notices.formats import json as notice_json
from quetsach.notices.formats import table as notice_table
from quetsach.notices.formats.contract import NoticeFormat, NoticeSource
from quetsach.notices.read import NOTICE_FORMS, NoticeOptions
from quetsach.verdicts import tables as handlings
from tests.avreport import messages
from tests.formats.golden import ZONE
from tests.readers import samples as papers

_PRIVATE_TOO = NoticeOptions(accept_private=True)


def table_targets() -> list[FuzzTarget]:
    """Return a target for each form of notices, and for every other table."""
    return [*map(_of_notices, NOTICE_FORMS), *_of_campaign(), *_of_messages()]


def _of_notices(form: NoticeFormat) -> FuzzTarget:
    def read(content: bytes) -> None:
        text = notices.decode(content)
        source = NoticeSource("a", content, text, notices.json_values(text), _PRIVATE_TOO)
        for number, record in enumerate(form.read(source) or (), 1):
            notices.item_of(record, "a", number, _PRIVATE_TOO)

    module = sys.modules[type(form).__module__]
    is_json = module is notice_json
    return FuzzTarget(
        f"notice.{form.name}",
        read,
        _notice_samples,
        (module, moments),
        mutated_json if is_json else mutated_any,
    )


@cache
def _notice_samples() -> tuple[bytes, ...]:
    return texts_in("notices/formats", "notices/test_read.py", "notices/test_moments.py")


def _of_campaign() -> list[FuzzTarget]:
    return [
        FuzzTarget(
            "table.notices", _read_notices, _notice_samples, (notices, notice_table), mutated_any
        ),
        FuzzTarget(
            "table.ranges",
            lambda content: range_files.read_ranges(content.decode("utf-8", "replace")),
            lambda: texts_in("notices/test_range_files.py", "notices/test_ranges.py", least=12),
            (range_files,),
            mutated_text,
        ),
        FuzzTarget(
            "table.prefixes",
            lambda content: range_files.read_prefixes(
                content.decode("utf-8", "replace").splitlines(), {64496, 64511}
            ),
            lambda: [b"192.0.2.0/24 64496\n198.51.100.0 24 64511_64496\n2001:db8::/32\t64496"],
            (range_files,),
            mutated_text,
        ),
        FuzzTarget(
            "table.inventory",
            by_path(inventory.read_inventory, "kiem-ke.csv"),
            lambda: texts_in("inventory"),
            (inventory, tables, sections, headings, machines, cells, plan),
            mutated_text,
        ),
        FuzzTarget(
            "table.inventory-book",
            by_path(inventory.read_inventory, "kiem-ke.xlsx"),
            lambda: [papers.workbook({"A": [["Tên máy", "IP"], ["PC-1", "10.0.0.1"]]})],
            (inventory, tables),
            mutated_zip,
        ),
        FuzzTarget(
            "table.plan",
            by_path(inventory.read_plan, "mang.csv"),
            lambda: texts_in("inventory/test_plan.py"),
            (plan,),
            mutated_text,
        ),
        FuzzTarget(
            "table.handlings",
            _read_handlings,
            lambda: texts_in("verdicts/test_tables.py"),
            (handlings,),
            mutated_text,
        ),
        FuzzTarget(
            "table.port-blocks",
            lambda content: port_blocks.read_block_rules(content, "a.csv"),
            lambda: texts_in("attribution/test_port_blocks.py"),
            (port_blocks,),
            mutated_text,
        ),
        FuzzTarget(
            "table.overrides",
            by_path(overrides.read_overrides, "overrides.jsonl"),
            _overrides,
            (overrides,),
            mutated_any,
        ),
        FuzzTarget(
            "table.columns",
            lambda content: table_maps.table_map_of(content.decode("utf-8", "replace"), "a.toml"),
            lambda: texts_in("formats/test_table_maps.py"),
            (table_maps,),
            mutated_text,
        ),
    ]


@cache
def _overrides() -> tuple[bytes, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "overrides.jsonl"
        for device in ("PC-1", ""):
            row = overrides.Override(device, "a", "2026-09-01T08:00:00+07:00", address="192.0.2.7")
            overrides.append_override(path, row)
        return (path.read_bytes(),)


def _read_notices(content: bytes) -> None:
    file = notices.read_notices(content, "a.csv", _PRIVATE_TOO)
    if file.items != len(file.notices) + len(file.rejected):
        raise BrokenPromiseError("an item is neither a notice nor rejected")


def _read_handlings(content: bytes) -> None:
    try:
        handlings.read_handlings(content, "a.csv", ZONE)
    finally:
        handlings.read_words(content, "a.csv", ZONE)


def _of_messages() -> list[FuzzTarget]:
    return [
        FuzzTarget(
            "message.avreport",
            _read_message,
            lambda: [messages.FIELD, _sealed(), *texts_in("avreport/test_reading.py")],
            (reading, message),
            mutated_xml,
        ),
        FuzzTarget(
            "message.signature",
            lambda content: messages.judged(content, _signer()),
            lambda: [_sealed()],
            (verify,),
            mutated_xml,
        ),
        FuzzTarget(
            "message.organ",
            lambda content: message.read_organ(content, "a.toml"),
            lambda: texts_in("avreport/test_message.py"),
            (message,),
            mutated_text,
        ),
    ]


@cache
def _signer() -> messages.Identity:
    return messages.identity("a")


@cache
def _sealed() -> bytes:
    return messages.sealed(_signer())


def _read_message(content: bytes) -> None:
    root = reading.parse_message(content, "a.xml")
    reading.MessageReader("a.xml").read(root)
