"""Who is in the district, on which network, who is infected and how it shows."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from quetsach.demo import lists
from quetsach.demo.kits import KITS, LOGGED_DAYS, Recorder
from quetsach.demo.times import WORKDAYS, chance_for, days
from quetsach.demo.traffic import CarriedFile, ExchangeEnd

# What infected machines do, and which machines are infected.


@dataclass(frozen=True)
class InfectedHabit:
    """One thing an infected machine does `per_day` times: ask for a name, reach a server, or both.

    No host: the server is reached without asking. No server: only the name is asked.
    """

    host: str = ""
    answers: tuple[str, ...] = ()
    server: str = ""
    port: int = 443
    service: str = "ssl"
    path: str = ""
    end: ExchangeEnd = ExchangeEnd.CLOSED
    carried: CarriedFile | None = None
    alert: str = ""
    per_day: int = 4


@dataclass(frozen=True)
class Infection:
    """One infected machine: unit code, number of the PC in its unit (from 0), what it does, when.

    `moves`: its address changes twice in the week, and a clean machine gets the old one.
    """

    unit: str
    pc: int
    habits: tuple[InfectedHabit, ...]
    days: tuple[int, ...] = WORKDAYS
    moves: bool = False


_EMOTET = "ET MALWARE Emotet CnC Beacon"

BEACON = InfectedHabit(
    host=lists.BAD_NAME, answers=(lists.BAD_ADDRESS,), server=lists.BAD_ADDRESS, alert=_EMOTET
)
BELOW = InfectedHabit(host="x7k2.cdn.bad.example", per_day=2)
BLOCKED = InfectedHabit(server=lists.BAD_ADDRESS, end=ExchangeEnd.DENIED, service="", per_day=6)
DIRECT = InfectedHabit(server=lists.BAD_ADDRESS, service="", port=8080, alert=_EMOTET, per_day=3)
SECOND = InfectedHabit(server=lists.SECOND_ADDRESS, service="", port=2222, per_day=5)
UPDATE = InfectedHabit(
    host="dl.capnhat-windows.example", answers=("192.0.2.211",), server="192.0.2.211", per_day=3
)
UNANSWERED = InfectedHabit(host="dl.capnhat-windows.example", per_day=3)
CHECK = InfectedHabit(
    host=lists.CHECK_NAME,
    answers=("192.0.2.212",),
    server="192.0.2.212",
    service="http",
    port=80,
    path="/kt/bao-cao",
    per_day=3,
)
FRAUD = InfectedHabit(
    host=lists.IDN_NAME, answers=("192.0.2.213",), server="192.0.2.213", per_day=3
)
NETWORK = InfectedHabit(
    server="203.0.113.140", service="", port=6667, alert="ET MALWARE Mirai Check-in", per_day=5
)
NETWORK_END = InfectedHabit(server="203.0.113.159", service="", port=6667, per_day=2)
SOCKET = InfectedHabit(server="203.0.113.99", service="", port=8443, per_day=4)
LOADER = InfectedHabit(
    host=lists.LOADER_HOST,
    answers=("192.0.2.205",),
    server="192.0.2.205",
    port=80,
    service="http",
    path="/gate.php?id=7",
    carried=lists.CARRIED_BAD,
    per_day=2,
)
SHARED_FILE = InfectedHabit(
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


# Trà Cú district as of September 2022: its communes and offices, desks, and the web it visits.


class DemoUnitKind(StrEnum):
    """What a unit is."""

    TOWN = "thị trấn"
    COMMUNE = "xã"
    OFFICE = "phòng"


@dataclass(frozen=True)
class PlannedUnit:
    """One unit before it has a network: its code, name, kind and the folder of its evidence."""

    code: str
    name: str
    kind: DemoUnitKind
    folder: str


DISTRICT = "Huyện Trà Cú, tỉnh Trà Vinh"

# One folder keeps its blank and its diacritics, so that the way of a path is shown to hold.
PLACES: tuple[PlannedUnit, ...] = (
    PlannedUnit("TC01", "Thị trấn Trà Cú", DemoUnitKind.TOWN, "thị trấn Trà Cú"),
    PlannedUnit("TC02", "Thị trấn Định An", DemoUnitKind.TOWN, "tt-dinh-an"),
    PlannedUnit("TC03", "Xã Đại An", DemoUnitKind.COMMUNE, "xa-dai-an"),
    PlannedUnit("TC04", "Xã Định An", DemoUnitKind.COMMUNE, "xa-dinh-an"),
    PlannedUnit("TC05", "Xã Hàm Giang", DemoUnitKind.COMMUNE, "xa-ham-giang"),
    PlannedUnit("TC06", "Xã Hàm Tân", DemoUnitKind.COMMUNE, "xa-ham-tan"),
    PlannedUnit("TC07", "Xã Kim Sơn", DemoUnitKind.COMMUNE, "xa-kim-son"),
    PlannedUnit("TC08", "Xã Long Hiệp", DemoUnitKind.COMMUNE, "xa-long-hiep"),
    PlannedUnit("TC09", "Xã Lưu Nghiệp Anh", DemoUnitKind.COMMUNE, "xa-luu-nghiep-anh"),
    PlannedUnit("TC10", "Xã Ngãi Xuyên", DemoUnitKind.COMMUNE, "xa-ngai-xuyen"),
    PlannedUnit("TC11", "Xã Ngọc Biên", DemoUnitKind.COMMUNE, "xa-ngoc-bien"),
    PlannedUnit("TC12", "Xã Phước Hưng", DemoUnitKind.COMMUNE, "xa-phuoc-hung"),
    PlannedUnit("TC13", "Xã Tân Hiệp", DemoUnitKind.COMMUNE, "xa-tan-hiep"),
    PlannedUnit("TC14", "Xã Tân Sơn", DemoUnitKind.COMMUNE, "xa-tan-son"),
    PlannedUnit("TC15", "Xã Tập Sơn", DemoUnitKind.COMMUNE, "xa-tap-son"),
    PlannedUnit("TC16", "Xã Thanh Sơn", DemoUnitKind.COMMUNE, "xa-thanh-son"),
    PlannedUnit("TC17", "Xã An Quảng Hữu", DemoUnitKind.COMMUNE, "xa-an-quang-huu"),
    PlannedUnit("TC18", "Văn phòng HĐND và UBND huyện", DemoUnitKind.OFFICE, "vp-hdnd-ubnd"),
    PlannedUnit("TC19", "Phòng Văn hóa và Thông tin", DemoUnitKind.OFFICE, "phong-vhtt"),
    PlannedUnit("TC20", "Phòng Giáo dục và Đào tạo", DemoUnitKind.OFFICE, "phong-gddt"),
    PlannedUnit("TC21", "Phòng Tài chính - Kế hoạch", DemoUnitKind.OFFICE, "phong-tckh"),
    PlannedUnit("TC22", "Phòng Nội vụ", DemoUnitKind.OFFICE, "phong-noi-vu"),
    PlannedUnit(
        "TC23", "Phòng Lao động - Thương binh và Xã hội", DemoUnitKind.OFFICE, "phong-ldtbxh"
    ),
    PlannedUnit("TC24", "Phòng Tư pháp", DemoUnitKind.OFFICE, "phong-tu-phap"),
    PlannedUnit("TC25", "Phòng Y tế", DemoUnitKind.OFFICE, "phong-y-te"),
    PlannedUnit(
        "TC26", "Phòng Nông nghiệp và Phát triển nông thôn", DemoUnitKind.OFFICE, "phong-nnptnt"
    ),
    PlannedUnit("TC27", "Phòng Kinh tế và Hạ tầng", DemoUnitKind.OFFICE, "phong-ktht"),
    PlannedUnit("TC28", "Phòng Tài nguyên và Môi trường", DemoUnitKind.OFFICE, "phong-tnmt"),
    PlannedUnit("TC29", "Thanh tra huyện", DemoUnitKind.OFFICE, "thanh-tra"),
    PlannedUnit("TC30", "Phòng Dân tộc", DemoUnitKind.OFFICE, "phong-dan-toc"),
)

# Văn thư, kế toán, tư pháp, địa chính, văn hóa, công an, chủ tịch, một cửa.
DESKS: tuple[str, ...] = ("VT", "KT", "TP", "DC", "VH", "CA", "CT", "MC")

SITE_HEADS: tuple[str, ...] = (
    *("bao", "cho", "congvan", "daotao", "dichvu", "giaoduc", "hoso", "khohoc", "lich", "muasam"),
    *("nganhang", "nongsan", "phim", "suckhoe", "thoitiet", "thutuc", "tin", "vanban"),
    *("vieclam", "xe"),
)
SITE_TAILS: tuple[str, ...] = (
    *("24h", "cuulong", "dongbang", "hangngay", "mientay", "moi", "nhanh", "online", "songhau"),
    *("so", "tonghop", "travinh", "tructuyen", "viet", "xanh"),
)
SITE_HOSTS: tuple[str, ...] = ("www.", "", "cdn.", "api.", "img.", "static.", "m.")

PATHS: tuple[str, ...] = (
    "/",
    "/tin-tuc/trang-chu.html",
    "/vanban/cv-1790.pdf",
    "/css/chinh.css",
    "/js/chinh.js",
    "/anh/banner.png",
    "/thu-tuc?ma=1.004227",
    "/cap-nhat/thong-tin.json",
)

AGENTS: tuple[str, ...] = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/105.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:104.0) Gecko/20100101 Firefox/104.0",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
)


UPSTREAM = "192.0.2.53"
FORWARDING_UNIT = "TC18"
PUBLIC_RESOLVER_UNIT = "TC14"
SCANNED_UNIT = "TC18"
CLEAN_UNIT = "TC12"
SHORT_UNIT = "TC16"


@dataclass(frozen=True)
class DemoMachine:
    """A machine: its name, hardware address (lower case with colons) and fixed address if any."""

    host_name: str
    mac: str
    fixed: str = ""

    @property
    def who(self) -> str:
        """The machine as the truth names it."""
        return self.mac.upper().replace(":", "-")


@dataclass(frozen=True)
class DemoUnit:
    """One unit with its network.

    Shapes: `leased[day][n]` is the address of `pcs[n]` on that day.
    """

    place: PlannedUnit
    prefix: str
    public: str
    heads: int
    participants: int
    pcs: tuple[DemoMachine, ...]
    server: DemoMachine
    leased: tuple[tuple[str, ...], ...]
    infections: tuple[Infection, ...]
    recorders: tuple[Recorder, ...]
    days: tuple[int, ...]

    @property
    def router(self) -> str:
        """The address of the unit's router, which is its DHCP server too."""
        return f"{self.prefix}.1"

    @property
    def resolver(self) -> str:
        """The address that the unit's machines ask for names."""
        if self.place.code == FORWARDING_UNIT:
            return self.server.fixed
        if self.place.code == PUBLIC_RESOLVER_UNIT:
            return lists.PUBLIC_RESOLVER
        return self.router


def plan_district(seed: int) -> tuple[DemoUnit, ...]:
    """Return all units of the district for `seed`, in the order of their codes."""
    return tuple(_plan_unit(place, number, seed) for number, place in enumerate(PLACES, 1))


def _plan_unit(place: PlannedUnit, number: int, seed: int) -> DemoUnit:
    rng = chance_for(seed, f"{place.code}/plan").rng
    office = place.kind is DemoUnitKind.OFFICE
    prefix = f"10.84.{number}" if office else f"192.168.{number + 10}"
    heads = rng.randint(9, 16) if office else rng.randint(22, 34)
    pcs = _machines(rng, number, rng.randint(7, 10) if office else rng.randint(9, 13))
    infections = tuple(one for one in INFECTIONS if one.unit == place.code)
    return DemoUnit(
        place=place,
        prefix=prefix,
        public=f"198.51.100.{100 + number}",
        heads=heads,
        participants=heads - rng.randint(0, 4),
        pcs=pcs,
        server=DemoMachine("SRV-01", f"00:17:a4:{number:02x}:00:01", fixed=f"{prefix}.10"),
        leased=_leases(rng, prefix, count=len(pcs), infections=infections),
        infections=infections,
        recorders=KITS[place.code],
        days=LOGGED_DAYS.get(place.code, tuple(range(len(days())))),
    )


def _machines(rng: Random, number: int, count: int) -> tuple[DemoMachine, ...]:
    return tuple(
        DemoMachine(
            host_name=f"PC-{DESKS[(n + number) % len(DESKS)]}-{n + 1:02d}",
            mac=f"00:17:a4:{number:02x}:{rng.randrange(256):02x}:{n + 16:02x}",
        )
        for n in range(count)
    )


def _leases(
    rng: Random, prefix: str, *, count: int, infections: tuple[Infection, ...]
) -> tuple[tuple[str, ...], ...]:
    infected = {one.pc for one in infections}
    movers = [one.pc for one in infections if one.moves]
    octets = [20 + n for n in range(count)]
    fresh = 100
    weeks: list[tuple[str, ...]] = []
    for day in range(len(days())):
        for n in range(count):
            # An infected machine keeps its address unless it is planned to move, so that units
            # without a lease log still have one answer.
            if day and n not in infected and rng.random() < 0.1:
                octets[n], fresh = fresh, fresh + 1
        if day in (WORKDAYS[2], WORKDAYS[4]):
            for pc in movers:
                _swap(octets, pc, rng.choice([n for n in range(count) if n not in infected]))
        weeks.append(tuple(f"{prefix}.{octet}" for octet in octets))
    return tuple(weeks)


def _swap(octets: list[int], one: int, other: int) -> None:
    # The trap this is for: the address that was infected belongs to a clean machine afterwards.
    octets[one], octets[other] = octets[other], octets[one]
