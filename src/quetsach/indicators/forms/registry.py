"""The forms of lists, in the order in which they are tried; the first that knows the file reads it.

A form that tells itself by its own marks stands before one that takes what is left.
"""

from quetsach.indicators.forms.adblock import Adblock
from quetsach.indicators.forms.asn_list import AsnList
from quetsach.indicators.forms.checksums import Checksums
from quetsach.indicators.forms.contract import ListForm
from quetsach.indicators.forms.csv_table import CsvTable
from quetsach.indicators.forms.dnsmasq import Dnsmasq
from quetsach.indicators.forms.feed_json import FeedJson
from quetsach.indicators.forms.feed_table import FeedTable
from quetsach.indicators.forms.hosts import Hosts
from quetsach.indicators.forms.maltrail import Maltrail
from quetsach.indicators.forms.mapped_table import MappedTable
from quetsach.indicators.forms.misp_csv import MispCsv
from quetsach.indicators.forms.misp_event import MispEvent
from quetsach.indicators.forms.notices import Notices
from quetsach.indicators.forms.openioc import OpenIoc
from quetsach.indicators.forms.paper import DocumentList
from quetsach.indicators.forms.pihole_regex import PiholeRegex
from quetsach.indicators.forms.plain import Plain
from quetsach.indicators.forms.prose import Prose
from quetsach.indicators.forms.release import ReleaseFile
from quetsach.indicators.forms.rpz import Rpz
from quetsach.indicators.forms.stix import Stix
from quetsach.indicators.forms.suricata_dataset import SuricataDataset
from quetsach.indicators.forms.suricata_iprep import SuricataIprep
from quetsach.indicators.forms.suricata_rules import SuricataRules
from quetsach.indicators.forms.unbound import Unbound
from quetsach.indicators.forms.wise import Wise
from quetsach.indicators.forms.zeek_intel import ZeekIntel

FORMS: tuple[ListForm, ...] = (
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
    Prose(),
    Plain(),
)
