"""The forms of lists, in the order in which they are tried; the first that knows the file reads it.

A form that tells itself by its own marks stands before one that takes what is left.
"""

from quetsach.indicators.forms.contract import ListForm
from quetsach.indicators.forms.csv_table import CsvTable
from quetsach.indicators.forms.hosts import Hosts
from quetsach.indicators.forms.misp_csv import MispCsv
from quetsach.indicators.forms.misp_event import MispEvent
from quetsach.indicators.forms.openioc import OpenIoc
from quetsach.indicators.forms.plain import Plain
from quetsach.indicators.forms.stix import Stix

FORMS: tuple[ListForm, ...] = (
    Stix(),
    MispEvent(),
    MispCsv(),
    OpenIoc(),
    Hosts(),
    CsvTable(),
    Plain(),
)
