"""What plugins build on: the contract of each group of entry points; docs/plugins.md.

Names here are stable: within one major version none goes away or changes its meaning; fields with a
default may be added. A package imports this module and nothing else of quetsach.
"""

from quetsach.blocklists.contract import BlockEntry as BlockEntry
from quetsach.blocklists.contract import BlockReason as BlockReason
from quetsach.blocklists.contract import Files as Files
from quetsach.blocklists.contract import Mode as Mode
from quetsach.blocklists.contract import Output as Output
from quetsach.blocklists.contract import Policy as Policy
from quetsach.blocklists.contract import ProofMethod as ProofMethod
from quetsach.blocklists.contract import ReleaseSummary as ReleaseSummary
from quetsach.clocks import Zone as Zone
from quetsach.exports.contract import Export as Export
from quetsach.exports.contract import ExportFacts as ExportFacts
from quetsach.exports.contract import Sighting as Sighting
from quetsach.exports.contract import iso_us as iso_us
from quetsach.exports.contract import plain_record as plain_record
from quetsach.formats.contract import HEAD_BYTES as HEAD_BYTES
from quetsach.formats.contract import Format as Format
from quetsach.formats.contract import Line as Line
from quetsach.formats.contract import LogLayout as LogLayout
from quetsach.formats.contract import ParsedLines as ParsedLines
from quetsach.formats.contract import Reject as Reject
from quetsach.indicators.formats.contract import FormReading as FormReading
from quetsach.indicators.formats.contract import ListFile as ListFile
from quetsach.indicators.formats.contract import ListFormat as ListFormat
from quetsach.indicators.formats.contract import ListRow as ListRow
from quetsach.indicators.model import Claim as Claim
from quetsach.indicators.model import Indicator as Indicator
from quetsach.indicators.model import IndicatorKind as IndicatorKind
from quetsach.indicators.model import MatchRule as MatchRule
from quetsach.indicators.model import Tlp as Tlp
from quetsach.indicators.options import RefusalReason as RefusalReason
from quetsach.indicators.restriction import Audience as Audience
from quetsach.schema import EVENT as EVENT
from quetsach.schema import Event as Event
from quetsach.sieve.contract import LineClock as LineClock
