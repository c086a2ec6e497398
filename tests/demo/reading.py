"""A reader of the demo's evidence that knows nothing of the writer: unpack, cut, search."""

import ipaddress
import json
import re
import zlib
from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa

IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")


Lines: TypeAlias = list[tuple[str, str, str]]


class Built(NamedTuple):
    """A district on disk, and its truth as read back from there."""

    root: Path
    truth: dict[str, Any]


def unpacked(path: Path) -> bytes:
    """Return what can be read of `path`, up to where it breaks off."""
    packed = path.read_bytes()
    if path.suffix == ".gz":
        return zlib.decompressobj(wbits=31).decompress(packed)
    if path.suffix == ".zst":
        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
            return bytes(stream.read())
    return packed


def pieces(path: Path) -> list[str]:
    """Return the lines of `path`, a broken last one too."""
    return unpacked(path).decode().removesuffix("\n").split("\n")


def whole_lines(path: Path) -> list[str]:
    """Return the whole lines of `path`."""
    return unpacked(path).decode().split("\n")[:-1]


def evidence_files(root: Path) -> list[Path]:
    """Return all evidence files, by path."""
    return sorted(path for path in (root / "evidence").rglob("*") if path.is_file())


def records(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (unit folder, kind of record, line) of all whole lines."""
    for path in evidence_files(root):
        folder, recorder, *rest = path.relative_to(root / "evidence").parts
        for line in whole_lines(path):
            yield folder, _kind(recorder, rest, line), line


def _kind(recorder: str, rest: list[str], line: str) -> str:
    if recorder.startswith("zeek"):
        return f"zeek.{rest[-1].partition('.')[0]}"
    if recorder == "suricata":
        return f"suricata.{json.loads(line)['event_type']}"
    if recorder == "fortigate":
        kind = line.partition(' type="')[2]
        return f"fortigate.{kind.partition(chr(34))[0]}"
    if rest[0].startswith(("messages", "conntrack")):
        return "syslog" if rest[0].startswith("messages") else "conntrack"
    return "squid" if recorder == "proxy" else rest[0]


def addresses(line: str) -> set[str]:
    """Return the IPv4 addresses that stand in `line`."""
    return set(IPV4.findall(line))


def speakers(line: str) -> set[str]:
    """Return the inside addresses of `line`, without the one that is asked for names."""
    asked = re.search(
        r'(\d[\d.]+)(?:\t53\t|","id.resp_p":53|","id_resp_p":53|","dest_port":53,| dstport=53)'
        r'|"src_ip":"(\d[\d.]+)","src_port":53,',
        line,
    )
    inside = {one for one in addresses(line) if one.startswith(("10.", "192.168."))}
    return inside - {asked[1] or asked[2]} if asked else inside


def names(line: str, indicator: dict[str, str]) -> bool:
    """Return whether `line` holds `indicator`, by plain search."""
    key, kind = indicator["key"], indicator["kind"]
    # What any line must hold to hold the indicator: the regular expressions are slow.
    if re.split(r"[/:]", key)[0].rpartition(".")[0] not in line:
        return False
    if kind == "name":
        found = re.search(rf"(?<![\w.-])(?:[\w-]+\.)*{re.escape(key)}(?![\w-]|\.\w)", line)
        return found is not None
    if kind == "network":
        network = ipaddress.ip_network(key)
        return any(ipaddress.ip_address(one) in network for one in addresses(line))
    if kind == "url":
        host, slash, path = key.partition("/")
        return host in line and f"{slash}{path}" in line
    if kind == "hash":
        return key in line
    address, _, port = key.partition(":")
    return address in addresses(line) and re.search(rf"(?<!\d){port}(?!\d)", line) is not None


def files_of_sort(built: Built, pattern: str) -> list[Path]:
    found = sorted((built.root / "evidence").glob(pattern))
    assert found
    return found


VIETNAM = timezone(timedelta(hours=7))


def everyone(truth: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        *truth["infected"],
        truth["resolver"],
        truth["inbound_target"],
        *truth["public_resolver_clients"],
    ]
