"""Machine tables and network plans for programs."""

from quetsach.inventory.tables import MergedCellRows as MergedCellRows
from quetsach.inventory.tables import SheetTable as SheetTable
from quetsach.inventory.tables import SheetTables as SheetTables
from quetsach.inventory.tables import TableLine as TableLine
from quetsach.inventory.tables import tables_in as tables_in
from quetsach.sweeping.own_network import OwnTables as OwnTables
