"""What an AVReport says, and the names that its elements have.

Source: công văn 2290/BTTTT-CATTT of 17 July 2018 with QCVN 102:2016/BTTTT, as messages to the
authority's endpoint were built in 2023-24 by a public connector (Bit2GovSOC); the annex itself was
not seen. The case of each name is part of the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

EDXML = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
DSIG = "http://www.w3.org/2000/09/xmldsig#"


@dataclass(frozen=True)
class Group:
    """A group of machines in the report: its element, the one in each machine, and its fields.

    `info` is "" where the fields stand in the machine itself.
    """

    name: str
    info: str
    fields: tuple[str, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        "Malware",
        "MalwareInfo",
        ("MalwareName", "MalwareType", "MalwareBehavior", "TypeOfDevice", "NumberFile"),
    ),
    Group("Connection", "ConnectionInfo", ("Program", "Md5", "Sha2", "TargetIP")),
    Group("Vulnerability", "VulnerabilityInfo", ("Name", "OSName")),
    Group("OS", "", ("OSName", "LastUpdate")),
    Group("QualityFeature", "", ("AutoProtect", "EnableFirewall")),
)

ORDER = ("Malware", "Connection", "Vulnerability", "OS", "Update", "QualityFeature")
"""How the groups follow each other after the time."""

NOT_UPDATED = "NumberMachineNotUpdateOn15Day"

FROM = ("OrganId", "OrganName", "OrganAdd", "Email", "Telephone", "Fax", "Website")
"""What is told of the sender, in this order."""


@dataclass(frozen=True)
class Row:
    """What is told of one machine in one group; absent is None, and absent fields are left out."""

    group: str
    ip: str | None
    name: str | None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A whole AVReport.

    Units: `datetime` is in seconds since 1970, UTC; None where the message does not tell it.
    """

    sender: Mapping[str, str]
    subject: str
    product: str
    datetime: int | None
    rows: tuple[Row, ...]
    not_updated: str | None = None

    def machines(self) -> list[tuple[str | None, str | None]]:
        """Return (ip, name) of each machine once, in the order of the message."""
        return list(dict.fromkeys((one.ip, one.name) for one in self.rows))
