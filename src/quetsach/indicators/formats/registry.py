"""The forms of lists, in the order of trial; the first that recognises a file reads it.

A form with distinctive marks comes before one that accepts anything.
"""

from quetsach.indicators.formats.adblock import Adblock
from quetsach.indicators.formats.contract import ListFormat
from quetsach.indicators.formats.csv_table import CsvTable
from quetsach.indicators.formats.dnsmasq import Dnsmasq
from quetsach.indicators.formats.feeds import FeedJson, FeedTable
from quetsach.indicators.formats.hosts import Hosts
from quetsach.indicators.formats.maltrail import Maltrail
from quetsach.indicators.formats.mapped_table import MappedTable
from quetsach.indicators.formats.misp import MispCsv
from quetsach.indicators.formats.misp_event import MispEvent
from quetsach.indicators.formats.notices import Notices
from quetsach.indicators.formats.openioc import OpenIoc
from quetsach.indicators.formats.paper import DocumentList
from quetsach.indicators.formats.plain import AsnList, Checksums, PiholeRegex, PlainList, Wise
from quetsach.indicators.formats.prose import ProseList
from quetsach.indicators.formats.release import ReleaseFile
from quetsach.indicators.formats.rpz import Rpz
from quetsach.indicators.formats.stix import Stix
from quetsach.indicators.formats.suricata_lists import SuricataDataset, SuricataIprep
from quetsach.indicators.formats.suricata_rules import SuricataRules
from quetsach.indicators.formats.unbound import Unbound
from quetsach.indicators.formats.zeek_intel import ZeekIntel

FORMS: tuple[ListFormat, ...] = (
    ReleaseFile(),
    MappedTable(),
    Stix(),
    MispEvent(),
    MispCsv(),
    OpenIoc(),
    ZeekIntel(),
    SuricataRules(),
    SuricataDataset(),
    SuricataIprep(),
    Maltrail(),
    Rpz(),
    Dnsmasq(),
    Unbound(),
    Adblock(),
    PiholeRegex(),
    Notices(),
    FeedTable(),
    Wise(),
    AsnList(),
    Checksums(),
    FeedJson(),
    Hosts(),
    DocumentList(),
    CsvTable(),
    ProseList(),
    PlainList(),
)
