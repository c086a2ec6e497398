"""Each form read by what is made for it: the judges of exports.

A judge takes the bytes of an export, refuses what its program would refuse, and returns one value a
row: the number of the sighting where the form has it.
"""

import csv
import importlib.resources
import io
import ipaddress
import json
import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import jsonschema
import ocsf_json_schema
import pandas
import pyarrow.parquet as pq
import pycef
import stix2
from pymisp import MISPEvent
from stix2patterns.v21.pattern import Pattern

from quetsach.exports.elastic import index_template
from tests.exports.ecs_published import ALLOWED, ARRAYS, LOWER, OF_NETWORK, UPPER

NUMBER = "quetsach.sighting.id"


def json_lines(text: bytes) -> list[dict[str, Any]]:
    assert text == b"" or text.endswith(b"\n")
    return [json.loads(line) for line in text.split(b"\n")[:-1]]


def ndjson(text: bytes) -> list[str]:
    return [row[NUMBER] for row in json_lines(text)]


def spreadsheet(text: bytes) -> list[str]:
    rows = [*csv.DictReader(io.StringIO(text.decode(), newline=""), strict=True)]
    for row in rows:
        assert None not in row, "more cells than the head has names"
        cells = [cell for cell in row.values() if cell]
        assert not [cell for cell in cells if cell[0] in "=+-@\t\r|%"]
    return [row[NUMBER] for row in rows]


def parquet(text: bytes) -> list[str]:
    numbers: list[str] = pq.read_table(io.BytesIO(text)).column(NUMBER).to_pylist()
    return numbers


# Elasticsearch: what `_bulk` takes under our index template, were it strict.


def elastic(text: bytes) -> list[str]:
    properties = index_template()["template"]["mappings"]["properties"]
    rows = json_lines(text)
    numbers = []
    for action, document in zip(rows[::2], rows[1::2], strict=True):
        ((verb, target),) = action.items()
        assert verb == "create"
        assert len(target["_id"].encode()) <= 512
        _check_document(document, properties, "")
        _check_values(document, "")
        assert OF_NETWORK.issuperset(document["event"].get("type", ()))
        numbers.append(document["quetsach"]["sighting"]["id"])
    return numbers


def _check_document(document: Mapping[str, Any], properties: Mapping[str, Any], path: str) -> None:
    for name, content in document.items():
        mapping = properties.get(name)
        assert mapping is not None, f"{path}{name} is in no mapping"
        for value in content if isinstance(content, list) else [content]:
            if "properties" in mapping:
                assert isinstance(value, dict), f"{path}{name} is an object in the mapping"
                _check_document(value, mapping["properties"], f"{path}{name}.")
            else:
                assert _TAKES[mapping["type"]](value), f"{path}{name} does not take {value!r}"


def _check_values(document: Mapping[str, Any], path: str) -> None:
    """Refuse what ECS does not allow: other words, a single value for an array, the wrong case."""
    for name, content in document.items():
        whole = path + name
        assert isinstance(content, list) or whole not in ARRAYS, f"{whole} is no array"
        for value in content if isinstance(content, list) else [content]:
            if isinstance(value, dict):
                _check_values(value, f"{whole}.")
                continue
            assert value in ALLOWED.get(whole, (value,)), f"{whole}: {value!r:.80}"
            assert whole not in LOWER or value == value.lower()
            assert whole not in UPPER or value == value.upper()


def _is_address(value: object) -> bool:
    # A zone (`%eth0`) is refused, as Elasticsearch does.
    return isinstance(value, str) and "%" not in value and bool(ipaddress.ip_address(value))


def _is_date(value: object) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


_TAKES: Mapping[str, Callable[[Any], bool]] = {
    "keyword": lambda value: isinstance(value, str),
    "wildcard": lambda value: isinstance(value, str),
    "ip": _is_address,
    "date": _is_date,
    "long": lambda value: type(value) is int and -(2**63) <= value < 2**63,
    "boolean": lambda value: isinstance(value, bool),
}


def timesketch(text: bytes) -> list[str]:
    """Do to the lines what timesketch_import_client does before it sends them."""
    rows = json_lines(text)
    if not rows:
        return []
    frame = pandas.DataFrame(rows)
    assert {"message", "datetime", "timestamp_desc"} <= {*frame.columns}
    assert "timestamp" not in frame.columns
    times = pandas.to_datetime(frame["datetime"], utc=True, format="mixed")
    assert not times.isna().any()
    assert not [name for name in frame.columns if "." in name or name.startswith("_")]
    assert all(row["message"] and row["timestamp_desc"] for row in rows)
    return [row["quetsach_sighting_id"] for row in rows]


# CEF. Source: ArcSight, Common Event Format, implementation standard 25, "Character encoding".

_CEF_LINE = re.compile(r"CEF:0((?:\|(?:[^|\\]|\\[|\\])*){5})\|(10|[0-9])\|(.*)", re.DOTALL)
_CEF_PAIR = re.compile(
    r"([A-Za-z0-9_]+)=((?:[^=\\\r\n]|\\[=\\nr])*?)(?=(?: [A-Za-z0-9_]+=)|\Z)", re.DOTALL
)
_UNESCAPED = {"n": "\n", "r": "\r"}


def cef_values(line: str) -> dict[str, str]:
    """Return the extension of a line of CEF; nothing of it may be left over."""
    match = _CEF_LINE.fullmatch(line)
    assert match is not None, line
    values: dict[str, str] = {}
    place, extension = 0, match[3]
    while place < len(extension):
        pair = _CEF_PAIR.match(extension, place)
        assert pair is not None, extension[place:]
        assert pair[1] not in values
        values[pair[1]] = _unescaped(pair[2])
        place = pair.end() + 1
    return values


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda sign: _UNESCAPED.get(sign[1], sign[1]), value)


def pycef_values(line: str) -> dict[str, str]:
    """Return the extension of a line as pycef reads it, which takes no escapes out itself."""
    read = pycef.parse(line)
    assert read is not None, line
    assert (read["CEFVersion"], read["DeviceVendor"]) == ("0", "quetsach")
    assert int(read["Severity"]) in range(11)
    return {name: _unescaped(value) for name, value in read.items()}


def _as_pycef(values: Mapping[str, str]) -> dict[str, str]:
    """Return the extension with a field of our own under its label, as pycef has it."""
    labels = {name: label for name, label in values.items() if name.endswith("Label")}
    plain = {name: value for name, value in values.items() if f"{name}Label" not in values}
    named = {label: values[name.removesuffix("Label")] for name, label in labels.items()}
    return {name: value for name, value in plain.items() if name not in labels} | named


def cef(text: bytes) -> list[str]:
    lines = text.decode().split("\n")
    assert lines.pop() == ""
    numbers = []
    for line in lines:
        assert line.isprintable(), "a control character would break the line or hide a part of it"
        values = cef_values(line)
        assert int(values.get("rt", 0)) >= 0
        assert all(f"{name}Label" in values for name in values if re.fullmatch("cs[0-9]", name))
        assert _as_pycef(values).items() <= pycef_values(line).items()
        numbers.append(values["externalId"])
    return numbers


# OCSF: its own JSON schema, for the class and the profiles that a row names.


@cache
def _ocsf_validator(profiles: tuple[str, ...]) -> Any:
    schema = ocsf_json_schema.OcsfJsonSchemaEmbedded(
        ocsf_json_schema.get_ocsf_schema(version="1.5.0")
    )
    of_class = schema.get_class_schema("detection_finding", [*profiles])
    return jsonschema.Draft202012Validator(of_class)


def ocsf(text: bytes) -> list[str]:
    rows = json_lines(text)
    for row in rows:
        assert row["class_uid"] == 2004
        assert row["metadata"]["version"] == "1.5.0"
        _ocsf_validator(tuple(row["metadata"]["profiles"])).validate(row)
        for evidence in row["evidences"]:
            for end in ("src_endpoint", "dst_endpoint"):
                if "ip" in evidence.get(end, {}):
                    ipaddress.ip_address(evidence[end]["ip"])
    return [row["finding_info"]["uid"] for row in rows]


# IntelMQ: its own class Event, by its factory, with the harmonization that it ships.


@cache
def _intelmq() -> tuple[Any, dict[str, Any]]:
    # IntelMQ 3.5 asks pkg_resources, which setuptools has no more, where its files are.
    if "pkg_resources" not in sys.modules:
        stand_in = types.ModuleType("pkg_resources")
        vars(stand_in)["resource_filename"] = lambda package, name: str(
            importlib.resources.files(package) / name
        )
        sys.modules["pkg_resources"] = stand_in
    from intelmq.lib.message import MessageFactory

    rules = importlib.resources.files("intelmq") / "etc" / "harmonization.conf"
    return MessageFactory, json.loads(rules.read_text())


def intelmq(text: bytes) -> list[str]:
    """Read the lines as the parser bot `json` does with `splitlines`."""
    factory, harmonization = _intelmq()
    rows = json_lines(text)
    lines = text.decode().splitlines()
    assert len(lines) == len(rows)
    for row, line in zip(rows, lines, strict=True):
        event = factory.unserialize(line, harmonization=harmonization, default_type="Event")
        taken = {"__type": "Event", **event}
        assert taken == row, "IntelMQ takes it otherwise than it was written"
        assert {"feed.name", "classification.type", "raw", "time.observation"} <= {*event}
    return [row["extra.quetsach_sighting_id"] for row in rows]


def stix(text: bytes) -> list[str]:
    bundle = stix2.parse(text.decode(), allow_custom=False)
    for each in _objects(bundle, "indicator"):
        Pattern(each.pattern)
        assert each.valid_until > each.valid_from
    indicators = {each.id for each in _objects(bundle, "indicator")}
    assert {each.sighting_of_ref for each in _objects(bundle, "sighting")} == indicators
    return [each.id for each in _objects(bundle, "sighting")]


def _objects(bundle: Any, kind: str) -> Iterator[Any]:
    return (each for each in bundle.objects if each.type == kind)


def misp(text: bytes) -> list[str]:
    event = MISPEvent()
    event.load(text.decode())
    assert event.info
    return [sighting.uuid for attribute in event.attributes for sighting in attribute.sightings]


JUDGES: Mapping[str, Callable[[bytes], list[str]]] = {
    "ndjson": ndjson,
    "csv": spreadsheet,
    "parquet": parquet,
    "ecs": elastic,
    "timesketch": timesketch,
    "cef": cef,
    "ocsf": ocsf,
    "intelmq": intelmq,
    "stix-sighting": stix,
    "misp": misp,
}
"""Who reads each form."""
