"""Sightings aggregated: a finding per device and indicator, devices, and those not counted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from quetsach.attribution.questions import TO_LOOK_AT, MissingEvidence, SightingRole
from quetsach.findings.device_fold import DeviceTotals
from quetsach.findings.row_groups import RowGroups, SightingRow
from quetsach.findings.steps import lack_text
from quetsach.findings.to_look_at import LinesToLookAt
from quetsach.indicators.allow.class_texts import CLASS_TEXTS
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.findings.device_groups import DeviceGroups
    from quetsach.findings.sighting_columns import SightingColumns

_TOLD = frozenset({SightingRole.RESOLVER, SightingRole.PROXY, SightingRole.GATEWAY})
_ASIDE = (
    *(SightingRole.RESOLVER, SightingRole.PROXY, SightingRole.GATEWAY, SightingRole.TARGET),
    SightingRole.OUTDATED,
)


class FoldedDevices(Protocol):
    """Sightings by device and role."""

    def in_role(self, role: SightingRole) -> Iterator[DeviceTotals]:
        """Yield each device that has this role, the strongest first."""
        ...

    def nobody(self) -> DeviceTotals | None:
        """Return what has no device, all of it together."""
        ...

    def residue(self) -> Iterator[tuple[MissingEvidence, DeviceTotals]]:
        """Yield what has no device by the reason, in order."""
        ...


class Aggregator:
    """The growing totals of a sweep, whose sightings come all as rows, or all in columns.

    Cost: memory per device, indicator and hour.
    """

    def __init__(self) -> None:
        self._rows = RowGroups()
        self._columns: DeviceGroups | None = None
        self._indicators: dict[str, str] = {}
        self._to_look_at = LinesToLookAt()

    def add(self, rows: Iterable[SightingRow]) -> None:
        """Count a few sightings, which come after all that were counted."""
        for sighting in rows:
            lack = sighting.attribution.lack
            if lack in TO_LOOK_AT:
                self._to_look_at.add(sighting.place, sighting.number, sighting.met, lack)
            else:
                self._indicators[sighting.met.key] = sighting.met.shown
                self._rows.add(sighting)

    def add_columns(self, batch: "SightingColumns") -> None:
        """Count many sightings, which come after all that were counted."""
        # A small sweep has no need of NumPy.
        from quetsach.findings.device_groups import DeviceGroups, parted

        if self._columns is None:
            self._columns = DeviceGroups()
        rows, to_look_at, met = parted(batch)
        self._indicators |= {one.key: one.shown for one in met}
        self._to_look_at.add_columns(batch, to_look_at)
        self._columns.add(batch, rows)

    @property
    def _folded(self) -> FoldedDevices:
        return self._rows if self._columns is None else self._columns

    def indicators_hit(self) -> list[str]:
        """Return the indicators that were met, as people read them, in order of their keys.

        One that lines only mention was not met, as far as is known.
        """
        return [self._indicators[key] for key in sorted(self._indicators)]

    def keys_met(self) -> list[str]:
        """Return the keys of the indicators that were met, in order."""
        return sorted(self._indicators)

    def to_json(self, zone: ZoneInfo, because: Mapping[str, str]) -> dict[str, Any]:
        """Return the content of `devices.json`; `because` says why an address is a resolver."""
        groups = self._folded
        devices, allowed = [], []
        for client in groups.in_role(SightingRole.CLIENT):
            if client.only_allowed:
                allowed.append(_not_blamed(client, SightingRole.ALLOWED, zone, because))
            else:
                devices.append(client.to_json(zone))
        aside = (
            _not_blamed(device, role, zone, because)
            for role in _ASIDE
            for device in groups.in_role(role)
        )
        return {
            "devices": devices,
            "not_blamed": [*aside, *allowed],
            "unattributed": _unattributed(groups, zone),
            "lines_to_look_at": self._to_look_at.to_json(),
        }


def _not_blamed(
    device: DeviceTotals, role: SightingRole, zone: ZoneInfo, because: Mapping[str, str]
) -> dict[str, Any]:
    whole = device.to_json(zone)
    shown = ("device", "addresses", "indicators", "sightings", "first_seen", "last_seen")
    reason = because.get(device.naming.attribution.device, "") if role in _TOLD else ""
    if not reason and device.naming.attribution.lack is not MissingEvidence.NONE:
        reason = lack_text(device.naming.attribution.lack)
    if role is SightingRole.OUTDATED:
        reason = _window_text(device)
    if role is SightingRole.ALLOWED:
        classes = sorted({one for found in device.findings for one in found.met.allow})
        reason = _("the indicator is also on an allow-list: %(classes)s") % {
            "classes": ", ".join(_(CLASS_TEXTS.get(one, one)) for one in classes)
        }
    return {
        **{name: whole[name] for name in (*shown, "best_grade", "samples", "findings")},
        "role": str(role),
        "because": reason,
    }


def _window_text(device: DeviceTotals) -> str:
    """Return on which side of their validity the indicators were at the time of the contacts."""
    windows = {window for finding in device.findings for window in finding.windows}
    if windows == {"before"}:
        return _("before the indicator became valid, as its list states")
    if windows == {"after"}:
        return _("after the indicator's validity ended, as its list states")
    return _("outside the time for which the list states that the indicator is valid")


def _unattributed(groups: FoldedDevices, zone: ZoneInfo) -> dict[str, Any]:
    """Return the sightings without a device, and per reason the evidence that is missing."""
    nobody = groups.nobody()
    if nobody is None:
        return {
            "sightings": 0,
            "indicators": [],
            "samples": [],
            "addresses": [],
            "missing": "",
            "groups": [],
        }
    whole = nobody.to_json(zone)
    reasons = [
        {"lack": str(lack), "missing": lack_text(lack), **_residue_of(device, zone)}
        for lack, device in groups.residue()
    ]
    return {
        **{name: whole[name] for name in ("sightings", "indicators", "samples", "findings")},
        "addresses": sorted(nobody.naming.addresses - {""}),
        "missing": " ".join(str(one["missing"]) for one in reasons),
        "groups": reasons,
    }


def _residue_of(device: DeviceTotals, zone: ZoneInfo) -> dict[str, Any]:
    whole = device.to_json(zone)
    shown = ("sightings", "indicators", "samples", "first_seen", "last_seen", "best_grade")
    return {name: whole[name] for name in shown} | {
        "addresses": sorted(device.naming.addresses - {""})
    }
