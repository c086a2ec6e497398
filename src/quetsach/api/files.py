"""Documents from strangers and what they hold beside values, for programs."""

from quetsach.atomic_files import write_whole as write_whole
from quetsach.containers.office_kinds import OfficeRemark as OfficeRemark
from quetsach.containers.office_kinds import RemarkKind as RemarkKind
from quetsach.readers.contract import MergedCells as MergedCells
from quetsach.readers.contract import ReadLimits as ReadLimits
from quetsach.readers.packages import remarks_on as remarks_on
