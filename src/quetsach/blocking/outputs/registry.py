"""The list of outputs, in the order in which they are shown."""

from quetsach.blocking.contract import Output
from quetsach.blocking.outputs.adblock import OUTPUT as ADBLOCK
from quetsach.blocking.outputs.checkpoint import OUTPUT as CHECKPOINT
from quetsach.blocking.outputs.csv_table import OUTPUT as CSV
from quetsach.blocking.outputs.dnsmasq import OUTPUT as DNSMASQ
from quetsach.blocking.outputs.fortigate import OUTPUT as FORTIGATE
from quetsach.blocking.outputs.hosts import OUTPUT as HOSTS
from quetsach.blocking.outputs.iprep import OUTPUT as IPREP
from quetsach.blocking.outputs.ipset import OUTPUT as IPSET
from quetsach.blocking.outputs.mikrotik import OUTPUT as MIKROTIK
from quetsach.blocking.outputs.misp import OUTPUT as MISP
from quetsach.blocking.outputs.nftables import OUTPUT as NFTABLES
from quetsach.blocking.outputs.paloalto import OUTPUT as PALOALTO
from quetsach.blocking.outputs.plain import OUTPUT as PLAIN
from quetsach.blocking.outputs.rpz import OUTPUT as RPZ
from quetsach.blocking.outputs.squid import OUTPUT as SQUID
from quetsach.blocking.outputs.stix import OUTPUT as STIX
from quetsach.blocking.outputs.suricata_dataset import OUTPUT as SURICATA_DATASET
from quetsach.blocking.outputs.suricata_rules import OUTPUT as SURICATA_RULES
from quetsach.blocking.outputs.unbound import OUTPUT as UNBOUND
from quetsach.blocking.outputs.windows import OUTPUT as WINDOWS
from quetsach.blocking.outputs.zeek import OUTPUT as ZEEK

OUTPUTS: tuple[Output, ...] = (
    RPZ,
    UNBOUND,
    DNSMASQ,
    ADBLOCK,
    HOSTS,
    SURICATA_RULES,
    SURICATA_DATASET,
    IPREP,
    ZEEK,
    NFTABLES,
    IPSET,
    FORTIGATE,
    PALOALTO,
    CHECKPOINT,
    MIKROTIK,
    WINDOWS,
    SQUID,
    STIX,
    MISP,
    CSV,
    PLAIN,
)

NAMES: tuple[str, ...] = tuple(one.name for one in OUTPUTS)
