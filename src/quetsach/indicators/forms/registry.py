"""The forms of lists, in the order in which they are tried; the first that knows the file reads it.

A form that tells itself by its own marks stands before one that takes what is left.
"""

from quetsach.indicators.forms.contract import ListForm
from quetsach.indicators.forms.csv_table import CsvTable
from quetsach.indicators.forms.hosts import Hosts
from quetsach.indicators.forms.paper import DocumentList
from quetsach.indicators.forms.plain import Plain
from quetsach.indicators.forms.prose import Prose

FORMS: tuple[ListForm, ...] = (
    Hosts(),
    DocumentList(),
    CsvTable(),
    Prose(),
    Plain(),
)
