"""The list of outputs, in the order in which they are shown."""

from quetsach.blocklists.contract import Output
from quetsach.blocklists.outputs.adblock import OUTPUT as ADBLOCK
from quetsach.blocklists.outputs.checkpoint import OUTPUT as CHECKPOINT
from quetsach.blocklists.outputs.csv_table import OUTPUT as CSV
from quetsach.blocklists.outputs.dnsmasq import OUTPUT as DNSMASQ
from quetsach.blocklists.outputs.fortigate import OUTPUT as FORTIGATE
from quetsach.blocklists.outputs.hosts import OUTPUT as HOSTS
from quetsach.blocklists.outputs.iprep import OUTPUT as IPREP
from quetsach.blocklists.outputs.ipset import OUTPUT as IPSET
from quetsach.blocklists.outputs.mikrotik import OUTPUT as MIKROTIK
from quetsach.blocklists.outputs.misp import OUTPUT as MISP
from quetsach.blocklists.outputs.nftables import OUTPUT as NFTABLES
from quetsach.blocklists.outputs.paloalto import OUTPUT as PALOALTO
from quetsach.blocklists.outputs.plain import OUTPUT as PLAIN
from quetsach.blocklists.outputs.rpz import OUTPUT as RPZ
from quetsach.blocklists.outputs.squid import OUTPUT as SQUID
from quetsach.blocklists.outputs.stix import OUTPUT as STIX
from quetsach.blocklists.outputs.suricata_dataset import OUTPUT as SURICATA_DATASET
from quetsach.blocklists.outputs.suricata_rules import OUTPUT as SURICATA_RULES
from quetsach.blocklists.outputs.unbound import OUTPUT as UNBOUND
from quetsach.blocklists.outputs.windows import OUTPUT as WINDOWS
from quetsach.blocklists.outputs.zeek import OUTPUT as ZEEK

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

NAMES: tuple[str, ...] = tuple(output.name for output in OUTPUTS)
