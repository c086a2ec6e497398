"""What an AVReport says, the names of its elements, and the organisation that sends it.

Source: công văn 2290/BTTTT-CATTT of 17 July 2018 with QCVN 102:2016/BTTTT, as messages to the
authority's endpoint were built in 2023-24 by a public connector (Bit2GovSOC); the annex itself was
not seen. The case of each name is part of the form.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain

EDXML = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
DSIG = "http://www.w3.org/2000/09/xmldsig#"


@dataclass(frozen=True)
class MachineGroup:
    """A group of machines in the report: its element, the one in each machine, and its fields.

    `info` is "" where the fields are in the machine itself.
    """

    name: str
    info: str
    fields: tuple[str, ...]


GROUPS: tuple[MachineGroup, ...] = (
    MachineGroup(
        "Malware",
        "MalwareInfo",
        ("MalwareName", "MalwareType", "MalwareBehavior", "TypeOfDevice", "NumberFile"),
    ),
    MachineGroup("Connection", "ConnectionInfo", ("Program", "Md5", "Sha2", "TargetIP")),
    MachineGroup("Vulnerability", "VulnerabilityInfo", ("Name", "OSName")),
    MachineGroup("OS", "", ("OSName", "LastUpdate")),
    MachineGroup("QualityFeature", "", ("AutoProtect", "EnableFirewall")),
)

ORDER = ("Malware", "Connection", "Vulnerability", "OS", "Update", "QualityFeature")
"""How the groups follow each other after the time."""

NOT_UPDATED = "NumberMachineNotUpdateOn15Day"

FROM = ("OrganId", "OrganName", "OrganAdd", "Email", "Telephone", "Fax", "Website")
"""The fields of the sender, in this order."""


@dataclass(frozen=True)
class MachineRow:
    """One machine in one group; absent is None, and absent fields are left out."""

    group: str
    ip: str | None
    name: str | None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AvReportMessage:
    """A whole AVReport.

    Units: `datetime` is in seconds since 1970, UTC; None where the message does not have it.
    """

    sender: Mapping[str, str]
    subject: str
    product: str
    datetime: int | None
    rows: tuple[MachineRow, ...]
    not_updated: str | None = None

    def machines(self) -> list[tuple[str | None, str | None]]:
        """Return (ip, name) of each machine once, in the order of the message."""
        return list(dict.fromkeys((one.ip, one.name) for one in self.rows))


KEYS: Mapping[str, str] = {
    "organ_id": "OrganId",
    "organ_name": "OrganName",
    "address": "OrganAdd",
    "email": "Email",
    "telephone": "Telephone",
    "fax": "Fax",
    "website": "Website",
}

MOST_BYTES = 64 * 1024
MOST_TEXT = 500


def read_organ(content: bytes, where: str) -> dict[str, str]:
    """Return the sender by the names of the message; what the file leaves out is left out.

    Errors: E441 when it is no TOML, lacks organ_id or organ_name, or has a key that is not known.
    """
    try:
        if len(content) > MOST_BYTES:
            raise QuetsachError("E441", where, reason=_("it is larger than 64 KiB"))
        table = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise QuetsachError("E441", where, reason=plain(str(error))) from error
    return _checked(table, where)


def _checked(table: Mapping[str, object], where: str) -> dict[str, str]:
    unknown = sorted(set(table) - set(KEYS))
    if unknown:
        reason = _("%(name)s is unknown; known names: %(known)s") % {
            "name": plain(unknown[0]),
            "known": ", ".join(KEYS),
        }
        raise QuetsachError("E441", where, reason=reason)
    sender = {}
    for key, name in KEYS.items():
        text = table.get(key, "")
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            raise QuetsachError("E441", where, reason=_("%(name)s is not a text") % {"name": key})
        if text.strip():
            sender[name] = plain(text.strip())
    for key in ("organ_id", "organ_name"):
        if KEYS[key] not in sender:
            raise QuetsachError("E441", where, reason=_("%(name)s is missing") % {"name": key})
    return {name: sender[name] for name in FROM if name in sender}
