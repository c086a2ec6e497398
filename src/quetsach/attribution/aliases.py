"""Which hardware addresses are one device: random ones are tied by what their machine keeps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from quetsach.attribution.clues import MOST_RIVALS, duid_of_client_id, is_random
from quetsach.inventory.cells import bare_name, is_generic_name

_DUIDS = ("0001", "0002", "0003", "0004")


class AliasReason(StrEnum):
    """What ties the hardware addresses of a device together."""

    ALONE = "alone"
    CLIENT_ID = "client-id"
    NAME = "name"


@dataclass(frozen=True)
class Alias:
    """One device of DHCP: its representative hardware address, its latest name, all its addresses.

    `rivals` are the hardware addresses of other devices that it may be too.
    """

    mac: str
    name: str
    macs: tuple[str, ...]
    tie: AliasReason = AliasReason.ALONE
    rivals: tuple[str, ...] = ()


@dataclass
class _Group:
    """Hardware addresses that were tied together so far; `made` of them by makers."""

    macs: set[str]
    made: int
    duids: set[str] = field(default_factory=set)
    tie: AliasReason = AliasReason.ALONE


class Aliases:
    """Devices by hardware address, name and client identifier; the order of facts only names them.

    Two addresses that makers gave out are never one device: a name is typed by anyone, and a disk
    that was copied carries its client identifier along.
    """

    def __init__(self, facts: Iterable[tuple[str, str, str]]) -> None:
        self._latest: dict[str, str] = {}
        self._groups: dict[str, _Group] = {}
        self._parents: dict[str, str] = {}
        self._rivals: dict[str, set[str]] = defaultdict(set)
        by_client_id: dict[str, set[str]] = defaultdict(set)
        by_name: dict[str, set[str]] = defaultdict(set)
        for mac, client_id, name in facts:
            if not mac:
                continue
            group = self._groups.setdefault(mac, _Group({mac}, int(not is_random(mac))))
            if name:
                # The latest name moves to the end: it is the device's.
                self._latest.pop(mac, None)
                self._latest[mac] = name
                if not is_generic_name(name):
                    by_name[bare_name(name)].add(mac)
            if client_id:
                duid = duid_of_client_id(client_id)
                by_client_id[duid].add(mac)
                if duid.startswith(_DUIDS):
                    group.duids.add(duid)
        self._place = {mac: place for place, mac in enumerate(self._latest)}
        self._tie_all(by_client_id, AliasReason.CLIENT_ID)
        self._tie_all(by_name, AliasReason.NAME)
        self._by_client_id = by_client_id
        self._by_name = by_name
        self._known: dict[str, Alias] = {}

    def of(self, mac: str) -> Alias:
        """Return the device that `mac` belongs to; itself alone where no fact speaks of it."""
        root = self._root(mac)
        known = self._known.get(root)
        if known is None:
            known = self._known[root] = self._alias(root)
        return known

    def named(self, name: str) -> tuple[Alias, ...]:
        """Return the devices that had `name`; none for a name that carries no information."""
        return self._devices(self._by_name.get(bare_name(name), ()))

    def identified(self, client_id: str) -> tuple[Alias, ...]:
        """Return the devices that sent this client identifier."""
        return self._devices(self._by_client_id.get(duid_of_client_id(client_id), ()))

    def _devices(self, macs: Iterable[str]) -> tuple[Alias, ...]:
        found = (self.of(root) for root in {self._root(mac) for mac in macs})
        return tuple(sorted(found, key=lambda one: one.mac))

    def _alias(self, root: str) -> Alias:
        group = self._groups.get(root, _Group({root}, 0))
        named = [mac for mac in group.macs if mac in self._latest]
        newest = max(named, key=self._place.__getitem__, default="")
        rivals = {self._root(one) for mac in group.macs for one in self._rivals.get(mac, ())}
        return Alias(
            mac=self._shown(root),
            name=self._latest.get(newest, ""),
            macs=tuple(sorted(group.macs)),
            tie=group.tie,
            rivals=tuple(sorted(self._shown(one) for one in rivals - {root})),
        )

    def _shown(self, root: str) -> str:
        """Return the representative address of a group: the maker's if there is one."""
        group = self._groups.get(root)
        return root if group is None else min(group.macs, key=lambda mac: (is_random(mac), mac))

    def _tie_all(self, told: Mapping[str, set[str]], tie: AliasReason) -> None:
        for one in sorted(told):
            random = sorted(mac for mac in told[one] if is_random(mac))
            burnt_in = sorted(told[one].difference(random))
            if len(burnt_in) > 1:
                for mac in random:
                    self._rivals[mac].update(burnt_in[:MOST_RIVALS])
            else:
                first = (burnt_in or random)[0]
                for mac in random:
                    self._tie_two(first, mac, tie)

    def _tie_two(self, mac: str, other: str, tie: AliasReason) -> None:
        large, small = self._root(mac), self._root(other)
        if large == small:
            return
        if len(self._groups[large].macs) < len(self._groups[small].macs):
            large, small = small, large
        into, gone = self._groups[large], self._groups[small]
        differ = into.duids and gone.duids and not into.duids & gone.duids
        if into.made + gone.made > 1 or (tie is AliasReason.NAME and differ):
            for mine, theirs in ((mac, other), (other, mac)):
                if len(self._rivals[mine]) < MOST_RIVALS:
                    self._rivals[mine].add(theirs)
            return
        self._parents[small] = large
        into.macs |= gone.macs
        into.made += gone.made
        into.duids |= gone.duids
        # The weakest of what ties them says how sure it is.
        into.tie = (
            AliasReason.NAME
            if AliasReason.NAME in (tie, into.tie, gone.tie)
            else AliasReason.CLIENT_ID
        )
        del self._groups[small]

    def _root(self, mac: str) -> str:
        root = mac
        while root in self._parents:
            root = self._parents[root]
        while mac != root:
            above = self._parents[mac]
            self._parents[mac] = root
            mac = above
        return root
