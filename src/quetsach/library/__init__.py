"""The Python interface: what `import quetsach` offers, for notebooks and other programs.

Names here are stable: within one major version none goes away or changes its meaning; fields and
columns may be added. Everything else in the package may change without notice.
"""

from quetsach.errors.exceptions import QuetsachError as QuetsachError
from quetsach.library.calls import parse as parse
from quetsach.library.calls import read_findings as read_findings
from quetsach.library.calls import read_list as read_list
from quetsach.library.calls import sweep as sweep
from quetsach.library.calls import trace as trace
from quetsach.library.calls import use_language as use_language
from quetsach.library.calls import who as who
from quetsach.library.calls import who_each as who_each
from quetsach.library.records import DeviceDict as DeviceDict
from quetsach.library.records import NotBlamedDict as NotBlamedDict
from quetsach.library.records import RefusedDict as RefusedDict
from quetsach.library.records import UnreadDict as UnreadDict
from quetsach.library.records import WhoDict as WhoDict
from quetsach.library.results import FindingsFolder as FindingsFolder
from quetsach.library.results import IndicatorList as IndicatorList
from quetsach.library.results import ParsedText as ParsedText
