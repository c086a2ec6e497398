"""Machine tables and network plans for programs, and what such files hold beside values."""

from quetsach.containers.office_kinds import OfficeRemark as OfficeRemark
from quetsach.containers.office_kinds import RemarkKind as RemarkKind
from quetsach.inventory.read import read_inventory as read_inventory
from quetsach.inventory.tables import MergedCellRows as MergedCellRows
from quetsach.inventory.tables import SheetTable as SheetTable
from quetsach.inventory.tables import SheetTables as SheetTables
from quetsach.inventory.tables import TableLine as TableLine
from quetsach.inventory.tables import tables_in as tables_in
from quetsach.readers.contract import MergedCells as MergedCells
from quetsach.readers.contract import ReadLimits as ReadLimits
from quetsach.readers.packages import remarks_on as remarks_on
from quetsach.sweeping.own_network import OwnTables as OwnTables
