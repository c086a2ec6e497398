"""The device behind a sighting: step by step from the address in the line to a machine."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

from quetsach.addresses import CARRIER, is_within
from quetsach.attribution.clues import MOST_RIVALS
from quetsach.attribution.model import (
    AttributionStep,
    Certainty,
    Holder,
    InsideEndpoint,
    LeaseAct,
    OutsideEndpoint,
    RivalDevice,
    StepKind,
    device_key,
    steps_inward,
    weaker,
)
from quetsach.attribution.own_record import by_own_name, names_itself
from quetsach.attribution.questions import (
    Attribution,
    Corrections,
    Leases,
    MachineKeys,
    MissingEvidence,
    NetworkContext,
    SightingEnds,
    SightingRole,
    TranslationSource,
    also,
    led_by,
    others,
)
from quetsach.attribution.steady import ALWAYS, Period
from quetsach.errors.catalogue import N_
from quetsach.inventory.model import NetworkRole

IN_HEADER = N_("the request names it as the machine that it was passed on for (X-Forwarded-For)")
SERVED = N_("it asks through this machine, which may have asked for it")
ANOTHER_TRANSLATION = N_("another translation of the same public address fits as well")

_NAME_FIELDS = frozenset({"dns.question.name", "dns.answers"})
_DUTIES = {SightingRole.PROXY: NetworkRole.PROXY, SightingRole.RESOLVER: NetworkRole.RESOLVER}


class Attributor:
    """Answers "which device" for sightings; the same answer for the same question."""

    def __init__(
        self,
        leases: Leases,
        around: NetworkContext,
        is_listed: Callable[[str], bool],
        *,
        names: MachineKeys,
        translations: TranslationSource | None = None,
        overrides: Corrections | None = None,
    ) -> None:
        self._leases = leases
        self._around = around
        # An address on the list itself is the other side, also where the list names inside ones.
        self._is_listed = is_listed
        self._names = names
        self._fixed = frozenset(names.addresses())
        self._translations = translations
        self._overrides = overrides
        # Whether an address belongs to the organisation, and whether it is one of its own as the
        # outside sees it; False for what is no address.
        self.is_inside = cache(partial(is_within, networks=around.inside))
        self.is_public = cache(partial(is_within, networks=around.publics))

    def attribute(self, sighting: SightingEnds) -> Attribution:
        """Return the device behind a sighting."""
        if sighting.direction is None:
            # Who reached out, or whether anybody did, is not known: it names no device.
            known = MissingEvidence.ONLY_MENTIONED
            return _nobody("", known if sighting.form_known else MissingEvidence.UNKNOWN_FORM)
        inbound = sighting.is_inbound(self._is_own)
        address = self._own_end(sighting, inbound)
        if names_itself(sighting, inbound=inbound):
            return self._named_by_itself(address, sighting, inbound)
        if address is None:
            return _nobody("", MissingEvidence.NO_ADDRESS)
        if self._is_listed(address):
            return _nobody(address, MissingEvidence.OUTSIDE)
        if self.is_public(address) and not inbound:
            return self._behind(address, sighting)
        if not (self._is_own(address) if inbound else self.is_inside(address)):
            return _nobody(address, MissingEvidence.OUTSIDE)
        if inbound:
            target = self.at(address, sighting.when_us, sighting.slack_us)
            return replace(target, role=SightingRole.TARGET)
        return self._client(address, sighting)

    def _named_by_itself(
        self, address: str | None, sighting: SightingEnds, inbound: bool
    ) -> Attribution:
        """Return the machine that wrote the record, wherever it was at that time."""
        if address is None or not self.is_inside(address) or self._is_listed(address):
            holder, role, lack = None, SightingRole.CLIENT, MissingEvidence.NONE
        else:
            holder = self.at(address, sighting.when_us, sighting.slack_us)
            role, lack = self._role(address, sighting.field)
        named = by_own_name(sighting, holder, self._names)
        return replace(named, role=SightingRole.TARGET if inbound else role, lack=lack)

    def at(self, address: str, when_us: int | None, slack_us: int = 0) -> Attribution:
        """Return the device that held an inside address at a time."""
        holder = self._leases.holder(address, when_us, slack_us=slack_us)
        device = self._unleased(address) if holder is None else self._by_lease(address, holder)
        return self._corrected(device, when_us)

    def period_at(self, address: str, when_us: int | None, slack_us: int) -> Period:
        """Return a period in which `at` answers the same at all times."""
        period = self._leases.steady(address, when_us, slack_us=slack_us)
        if self._overrides is not None:
            mac = self.at(address, when_us, slack_us).mac
            return period.common(self._overrides.steady(address, when_us, mac))
        return period

    def steady(self, sighting: SightingEnds) -> Period:
        """Return a period in which `attribute` answers the same of such a sighting at all times."""
        when_us, period = sighting.when_us, ALWAYS
        if when_us is None:
            return period
        ends = (sighting.source, sighting.destination, sighting.destination_nat)
        addresses = {one for one in (*ends, sighting.forwarded) if one and self._is_own(one)}
        if self._translations is not None and any(map(self.is_public, addresses)):
            # Translations change by the second.
            return Period(when_us, when_us + 1)
        for address in [*addresses]:
            resolver = self._around.resolvers.get(address)
            addresses.update(() if resolver is None else resolver.clients[:MOST_RIVALS])
            addresses.update(self._around.proxies.get(address, ())[:MOST_RIVALS])
        for address in addresses:
            period = period.common(self.period_at(address, when_us, sighting.slack_us))
        return period

    def named_addresses(self) -> frozenset[str]:
        """Return each IPv4 address, and others, of which anything is known.

        Any other IPv4 address is, for `at`, a device that is called like its address.
        """
        corrected = () if self._overrides is None else self._overrides.addresses()
        return frozenset((*self._leases.addresses(), *self._fixed, *corrected))

    def duty_of(self, address: str) -> NetworkRole:
        """Return what the machine with this address does for others, by tables or logs."""
        listed = self._around.duty(address)
        if listed is not None:
            return listed
        if address in self._around.resolvers:
            return NetworkRole.RESOLVER
        if address in self._around.proxies:
            return NetworkRole.PROXY
        if is_within(address, (CARRIER,)):
            return NetworkRole.GATEWAY
        return NetworkRole.ORDINARY

    def device_at(
        self, address: str, when_us: int | None, slack_us: int
    ) -> tuple[Attribution, NetworkRole]:
        """Return the device that held an inside address at a time, and what it does for others."""
        attribution, duty = self.at(address, when_us, slack_us), self.duty_of(address)
        sighting = SightingEnds(address, None, "outbound", "", when_us, slack_us=slack_us)
        served = self._clients_of(address, duty) if self._around.duty(address) is None else ()
        if served and self._is_leased(address, sighting):
            return also(attribution, self._served(served, sighting)), NetworkRole.ORDINARY
        return attribution, duty

    def _client(self, address: str, sighting: SightingEnds) -> Attribution:
        role, lack = self._role(address, sighting.field)
        # A proxy or name server that only traffic shows, and no table.
        duty = _DUTIES.get(role)
        is_by_habit = duty is not None and self._around.duty(address) is not duty
        served = self._clients_of(address, duty) if is_by_habit else ()
        if served and self._is_leased(address, sighting):
            # A few machines that query an infected one on purpose must not clear it.
            client = self._without_header(
                address, sighting, SightingRole.CLIENT, MissingEvidence.NONE
            )
            return also(client, self._served(served, sighting))
        forwarded = sighting.forwarded
        if not forwarded or forwarded == address or not self.is_inside(forwarded):
            return self._without_header(address, sighting, role, lack)
        if role is SightingRole.CLIENT:
            # Anybody can forge this header: it clears no device, and proves nothing alone.
            rival = self._rival(forwarded, sighting, IN_HEADER)
            return also(self._without_header(address, sighting, role, lack), [rival])
        return self._passed_on(address, forwarded, sighting, role)

    def _passed_on(
        self, by: str, client: str, sighting: SightingEnds, role: SightingRole
    ) -> Attribution:
        """Return the device that a proxy of our own says it spoke for."""
        sure = Certainty.AMBIGUOUS
        if role is SightingRole.PROXY:
            # Where only habits tell that it is a proxy, it may have made up the header as well.
            is_listed = self._around.duty(by) is NetworkRole.PROXY
            sure = Certainty.CERTAIN if is_listed else Certainty.LIKELY
        step = AttributionStep(StepKind.FORWARDED, by, client, sure)
        role, lack = self._role(client, sighting.field)
        return led_by((step,), self._without_header(client, sighting, role, lack))

    def _clients_of(self, address: str, duty: NetworkRole | None) -> tuple[str, ...]:
        """Return whom a proxy or name server serves, by the logs."""
        if duty is NetworkRole.PROXY:
            return self._around.proxies[address]
        return self._around.resolvers[address].clients if duty is NetworkRole.RESOLVER else ()

    def _is_leased(self, address: str, sighting: SightingEnds) -> bool:
        """Return whether the address was given out by DHCP, as servers' addresses seldom are."""
        holder = self._leases.holder(address, sighting.when_us, slack_us=sighting.slack_us)
        return holder is not None and holder.interval.act is LeaseAct.GIVEN

    def _served(self, clients: Sequence[str], sighting: SightingEnds) -> list[RivalDevice]:
        return [self._rival(client, sighting, SERVED) for client in clients[:MOST_RIVALS]]

    def _rival(self, address: str, sighting: SightingEnds, reason: str) -> RivalDevice:
        return RivalDevice(self.at(address, sighting.when_us, sighting.slack_us).device, reason)

    def _without_header(
        self, address: str, sighting: SightingEnds, role: SightingRole, lack: MissingEvidence
    ) -> Attribution:
        """Return the device with this address, for whatever it may ask."""
        if role is not SightingRole.CLIENT:
            step = AttributionStep(StepKind.DIRECT, address, address, Certainty.LIKELY)
            base = Attribution(
                address, address, "", "", Certainty.LIKELY, (), role, (step,), lack=lack
            )
            return self._corrected(base, sighting.when_us)
        attribution = self.at(address, sighting.when_us, sighting.slack_us)
        if attribution.interval is None and is_within(address, (CARRIER,)):
            # Many customers share it; no lease says that it is a machine.
            return replace(
                attribution, role=SightingRole.GATEWAY, lack=MissingEvidence.NO_TRANSLATION
            )
        return attribution

    def _behind(self, public: str, sighting: SightingEnds) -> Attribution:
        """Return the device behind one of our public addresses."""
        outside = OutsideEndpoint(
            address=public,
            port=sighting.source_port,
            when_us=sighting.when_us,
            remote=sighting.destination or "",
            remote_port=sighting.destination_port,
            transport=sighting.transport or "",
        )
        chains: list[tuple[InsideEndpoint, ...]] = []
        if self._translations is not None:
            chains = self._translations.chains(outside, slack_us=sighting.slack_us)
        if not chains:
            return self._untranslated(public, sighting)
        best, *rest = [self._through(public, sighting, chain) for chain in chains]
        others = {other.device: other for other in rest if other.device != best.device}
        rivals = tuple(
            RivalDevice(device, ANOTHER_TRANSLATION, other.steps[0].place if other.steps else None)
            for device, other in others.items()
        )
        grade = weaker(best.grade, Certainty.AMBIGUOUS) if rivals else best.grade
        return replace(best, grade=grade, rivals=(*best.rivals, *rivals))

    def _through(
        self, public: str, sighting: SightingEnds, chain: tuple[InsideEndpoint, ...]
    ) -> Attribution:
        steps = steps_inward(public, sighting.source_port, chain)
        last = self.at(chain[-1].address, sighting.when_us, sighting.slack_us)
        return led_by(steps, last)

    def _untranslated(self, public: str, sighting: SightingEnds) -> Attribution:
        holder = self._leases.holder(public, sighting.when_us, slack_us=sighting.slack_us)
        if holder is not None:
            # Some offices give public addresses to their machines: then a lease names it.
            return self._corrected(self._by_lease(public, holder), sighting.when_us)
        named = self._names.of("", "", "", public)
        if named.machine is not None:
            return self._corrected(self._unleased(public), sighting.when_us)
        return _nobody(public, MissingEvidence.NO_TRANSLATION)

    def _by_lease(self, address: str, holder: Holder) -> Attribution:
        interval = holder.interval
        named = self._names.of(holder.mac, holder.client_id, holder.host_name, address)
        kind = StepKind.NEIGHBOUR if interval.act is LeaseAct.SEEN else StepKind.LEASE
        step = AttributionStep(
            kind,
            address,
            holder.mac or holder.client_id or holder.host_name,
            holder.grade,
            place=interval.place,
            start_us=interval.start_us,
            end_us=interval.end_us,
            note=holder.reason,
        )
        steps: tuple[AttributionStep, ...] = (step,)
        if named.machine is not None or named.because:
            # The inventory is named only where the machine is in it.
            by = StepKind.IDENTITY if named.machine is None else StepKind.INVENTORY
            identity = AttributionStep(
                by, step.after, named.device, named.grade, note=named.because
            )
            steps = (step, identity)
        rivals = [replace(rival, device=self._renamed(rival.device)) for rival in holder.rivals]
        return Attribution(
            device=named.device or device_key(holder.mac, holder.host_name) or holder.client_id,
            address=address,
            mac=holder.mac,
            host_name=holder.host_name,
            grade=weaker(holder.grade, named.grade),
            rivals=others(named.device, (*rivals, *named.rivals)),
            role=SightingRole.CLIENT,
            steps=steps,
            interval=interval,
            machine=named.machine,
        )

    def _unleased(self, address: str) -> Attribution:
        step = AttributionStep(StepKind.DIRECT, address, address, Certainty.LIKELY)
        is_fixed = ":" in address or address in self._fixed  # No other IPv4 address names one.
        named = self._names.of("", "", "", address) if is_fixed else None
        if named is None or named.machine is None:
            return Attribution(
                address, address, "", "", Certainty.LIKELY, (), SightingRole.CLIENT, (step,)
            )
        inventory = AttributionStep(
            StepKind.INVENTORY, address, named.device, named.grade, note=named.because
        )
        return Attribution(
            device=named.device,
            address=address,
            mac=next(iter(named.machine.macs), ""),
            host_name=named.machine.name,
            grade=weaker(Certainty.LIKELY, named.grade),
            rivals=named.rivals,
            role=SightingRole.CLIENT,
            steps=(step, inventory),
            machine=named.machine,
        )

    def _corrected(self, attribution: Attribution, when_us: int | None) -> Attribution:
        """Return what a person decided, beside what the evidence says."""
        if self._overrides is None:
            return attribution
        override = self._overrides.for_(attribution.address, when_us, attribution.mac)
        if override is None:
            return attribution
        step = AttributionStep(
            StepKind.OVERRIDE,
            attribution.device,
            override.device,
            Certainty.LIKELY,
            note=override.reason,
        )
        same = override.device == attribution.device
        return replace(
            attribution,
            device=override.device,
            # What a person declares proves nothing, and its room is not that of the other machine.
            grade=attribution.grade if same else weaker(attribution.grade, step.grade),
            machine=attribution.machine if same else self._names.called(override.device),
            steps=(*attribution.steps, step),
            override=override,
            evidence_device=attribution.device,
        )

    def _renamed(self, machine: str) -> str:
        is_mac = machine.count("-") == 5 and len(machine) == 17
        return self._names.of(machine, "", "").device or machine if is_mac else machine

    def _own_end(self, sighting: SightingEnds, inbound: bool) -> str | None:
        """Return the address on which the device itself was seen."""
        is_file = sighting.field.startswith("file.hash.")
        is_from_inside = bool(sighting.source) and self.is_inside(sighting.source or "")
        if is_file and sighting.destination and not is_from_inside:
            # The side that opened the connection: a listed file now lies on the inside machine.
            return sighting.destination
        if inbound:
            return sighting.reached(self._is_own) or sighting.destination
        return sighting.source

    def _is_own(self, address: str) -> bool:
        return self.is_inside(address) or self.is_public(address)

    def _role(self, address: str, field: str) -> tuple[SightingRole, MissingEvidence]:
        duty = self._around.duty(address)
        is_resolver = address in self._around.resolvers or duty is NetworkRole.RESOLVER
        if is_resolver and field in _NAME_FIELDS:
            return SightingRole.RESOLVER, MissingEvidence.NO_CLIENT_LOG
        if duty is NetworkRole.PROXY or address in self._around.proxies:
            return SightingRole.PROXY, MissingEvidence.NO_CLIENT_LOG
        if duty in {NetworkRole.GATEWAY, NetworkRole.ACCESS_POINT}:
            return SightingRole.GATEWAY, MissingEvidence.NO_TRANSLATION
        return SightingRole.CLIENT, MissingEvidence.NONE


def _nobody(address: str, lack: MissingEvidence) -> Attribution:
    return Attribution("", address, "", "", Certainty.UNKNOWN, (), SightingRole.NOBODY, lack=lack)
