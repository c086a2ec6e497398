"""What infected machines do, and which machines are infected."""

from dataclasses import dataclass

from quetsach.demo import lists
from quetsach.demo.calendar import WORKDAYS
from quetsach.demo.traffic import Carried, End


@dataclass(frozen=True)
class Habit:
    """One thing an infected machine does `per_day` times: ask for a name, reach a server, or both.

    No host: the server is reached without asking. No server: only the name is asked.
    """

    host: str = ""
    answers: tuple[str, ...] = ()
    server: str = ""
    port: int = 443
    service: str = "ssl"
    path: str = ""
    end: End = End.CLOSED
    carried: Carried | None = None
    alert: str = ""
    per_day: int = 4


@dataclass(frozen=True)
class Infection:
    """One infected machine: unit code, number of the PC in its unit (from 0), what it does, when.

    `moves`: its address changes twice in the week, and a clean machine gets the old one.
    """

    unit: str
    pc: int
    habits: tuple[Habit, ...]
    days: tuple[int, ...] = WORKDAYS
    moves: bool = False


_EMOTET = "ET MALWARE Emotet CnC Beacon"

BEACON = Habit(
    host=lists.BAD_NAME,
    answers=(lists.BAD_ADDRESS,),
    server=lists.BAD_ADDRESS,
    alert=_EMOTET,
)
BELOW = Habit(host="x7k2.cdn.bad.example", per_day=2)
BLOCKED = Habit(server=lists.BAD_ADDRESS, end=End.DENIED, service="", per_day=6)
DIRECT = Habit(server=lists.BAD_ADDRESS, service="", port=8080, alert=_EMOTET, per_day=3)
SECOND = Habit(server=lists.SECOND_ADDRESS, service="", port=2222, per_day=5)
UPDATE = Habit(
    host="dl.capnhat-windows.example",
    answers=("192.0.2.211",),
    server="192.0.2.211",
    per_day=3,
)
UNANSWERED = Habit(host="dl.capnhat-windows.example", per_day=3)
CHECK = Habit(
    host=lists.CHECK_NAME,
    answers=("192.0.2.212",),
    server="192.0.2.212",
    service="http",
    port=80,
    path="/kt/bao-cao",
    per_day=3,
)
FRAUD = Habit(host=lists.IDN_NAME, answers=("192.0.2.213",), server="192.0.2.213", per_day=3)
NETWORK = Habit(
    server="203.0.113.140", service="", port=6667, alert="ET MALWARE Mirai Check-in", per_day=5
)
NETWORK_END = Habit(server="203.0.113.159", service="", port=6667, per_day=2)
SOCKET = Habit(server="203.0.113.99", service="", port=8443, per_day=4)
LOADER = Habit(
    host=lists.LOADER_HOST,
    answers=("192.0.2.205",),
    server="192.0.2.205",
    port=80,
    service="http",
    path="/gate.php?id=7",
    carried=lists.CARRIED_BAD,
    per_day=2,
)
SHARED_FILE = Habit(
    host="khophanmem.example",
    answers=(lists.SECOND_ADDRESS,),
    server=lists.SECOND_ADDRESS,
    port=80,
    service="http",
    path="/tai/cap-nhat.exe",
    carried=lists.CARRIED_BAD,
    per_day=1,
)

INFECTIONS: tuple[Infection, ...] = (
    Infection("TC01", 0, (BEACON, BELOW)),
    Infection("TC02", 6, (UPDATE,), days=(1, 3)),
    Infection("TC03", 3, (NETWORK, NETWORK_END)),
    Infection("TC04", 1, (CHECK,)),
    Infection("TC05", 4, (FRAUD,)),
    Infection("TC06", 0, (BEACON,)),
    Infection("TC07", 2, (UPDATE, SECOND), moves=True),
    Infection("TC08", 5, (SOCKET,)),
    Infection("TC09", 1, (LOADER,), days=(0, 2)),
    Infection("TC11", 2, (BEACON,)),
    Infection("TC11", 5, (NETWORK,), days=(3, 4)),
    Infection("TC13", 0, (DIRECT,)),
    Infection("TC15", 3, (BLOCKED,)),
    # Its logs begin on the Wednesday and end on the Thursday: nothing of this shows.
    Infection("TC16", 1, (BEACON,), days=(0, 1, 4)),
    Infection("TC17", 4, (SECOND,), moves=True),
    Infection("TC18", 0, (BEACON, BELOW)),
    Infection("TC19", 1, (UNANSWERED,), days=(0, 3)),
    Infection("TC20", 2, (SHARED_FILE,), days=(1, 2, 4)),
    Infection("TC25", 3, (DIRECT,)),
)
