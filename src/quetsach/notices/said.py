"""The sentences of a trace: why this device, why only candidates, why an item is none."""

from datetime import datetime

from quetsach.attribute.model import Step, StepKind
from quetsach.clocks import MICROSECONDS, Zone
from quetsach.errors import N_
from quetsach.notices.found import Way
from quetsach.notices.model import Candidate, Notice
from quetsach.notices.window import Window
from quetsach.texts import _, language

_REASONS = {
    "bad-address": N_("what should be an address is none"),
    "no-address": N_("no address stands in it"),
    "private-address": N_(
        "its address is a private or reserved one, which nobody sees from outside"
    ),
    "network": N_("it names a network, not an address"),
    "bad-time": N_("its time cannot be read"),
    "bad-port": N_("its port is none"),
    "unreadable": N_("it cannot be read"),
    "too-long": N_("it is too long to be a notice"),
    "other-kind": N_("it is a record of another kind"),
    "heading": N_("it stands before the heading of its table, or repeats it"),
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_NOTES = {
    StepKind.LEASE: N_("by the DHCP record of that time"),
    StepKind.NEIGHBOUR: N_("by a snapshot of neighbours (ARP) or leases"),
    StepKind.IDENTITY: N_("by what its records have in common"),
    StepKind.INVENTORY: N_("by the inventory"),
    StepKind.OVERRIDE: N_("by a person's decision"),
}


def reason_word(reason: str) -> str:
    """Return why an item was rejected, in words."""
    return _(_REASONS[reason]) if reason in _REASONS else reason


def when_text(notice: Notice, window: Window, local: Zone) -> str:
    """Return the time of a notice as people read it, as fine as it was written."""
    if window.from_us is None or window.until_us is None:
        return _("an untold time")
    first = _moment(window.from_us, local)
    if notice.end_us is not None:
        last = _moment(window.until_us, local)
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if notice.time_digits == "day":
        last = _moment(window.until_us, local)
        return _("some time from %(first)s to %(last)s") % {"first": first, "last": last}
    return first


def _moment(when_us: int, zone: Zone) -> str:
    """Return a time to the second: 12/9/2022 09:15:49, or 12 Sep 2022 09:15:49."""
    when = datetime.fromtimestamp(when_us // MICROSECONDS, tz=zone)
    if language() == "vi":
        return f"{when.day}/{when.month}/{when.year} {when:%H:%M:%S}"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year} {when:%H:%M:%S}"


def end_text(notice: Notice) -> str:
    """Return the public end of a notice, `address:port`, the address alone where none is told."""
    if notice.port is None:
        return notice.address
    bracketed = f"[{notice.address}]" if ":" in notice.address else notice.address
    return f"{bracketed}:{notice.port}"


def remote_text(notice: Notice) -> str:
    """Return the destination of a notice, "" where none is told."""
    shown = notice.remote_address or notice.remote_name
    if not shown or notice.remote_port is None:
        return shown
    return f"[{shown}]:{notice.remote_port}" if ":" in shown else f"{shown}:{notice.remote_port}"


def zone_tried(window: Window) -> str:
    """Return the sentence that the time was read in another zone than it seemed to be in."""
    return _("This fits only if the time was meant in the zone %(zone)s.") % {"zone": window.zone}


def because_device(
    notice: Notice, window: Window, one: Candidate, local: Zone, *, by_log: bool
) -> str:
    """Return the sentence that says by which way the device was found."""
    facts = {
        "end": end_text(notice),
        "time": when_text(notice, window, local),
        "address": one.address,
        "remote": remote_text(notice),
        "device": one.device,
    }
    kinds = {step.kind for step in one.steps}
    if StepKind.TRANSLATION in kinds or StepKind.PORT_BLOCK in kinds:
        said = _("%(end)s was the inside address %(address)s at %(time)s, by the translation log.")
    elif by_log and one.address != notice.address:
        said = _(
            "At %(time)s a log inside shows that %(address)s reached %(remote)s, and it fits best; "
            "no translation proves the port."
        )
    else:
        said = _("%(address)s is the machine's own address; nothing was translated at %(time)s.")
    return " ".join((said % facts, *_holder_said(one), *_reasons_said(one)))


def _holder_said(one: Candidate) -> list[str]:
    notes = [_how(step) for step in one.steps if step.kind in _NOTES]
    if notes:
        facts = {"address": one.address, "device": one.device, "how": ", ".join(notes)}
        return [_("%(address)s was %(device)s, %(how)s.") % facts]
    facts = {"address": one.address}
    return [_("No record says which machine held %(address)s; look for it by its address.") % facts]


def _how(step: Step) -> str:
    """Return by what a device was named; how it met the inventory stands in the step itself."""
    is_own = step.kind in (StepKind.IDENTITY, StepKind.INVENTORY) and step.note
    return _(step.note) if is_own else _(_NOTES[step.kind])


def _reasons_said(one: Candidate) -> list[str]:
    if not one.reasons:
        return []
    return [_("What speaks for it: %(reasons)s.") % {"reasons": "; ".join(one.reasons)}]


def because_candidates(notice: Notice, window: Window, way: Way, local: Zone) -> str:
    """Return the sentence that says how many it could have been, and why not which."""
    facts = {
        "count": len(way.found),
        "time": when_text(notice, window, local),
        "end": end_text(notice),
        "remote": remote_text(notice),
    }
    if len(way.found) == 1:
        return _("At %(time)s only one device fits %(end)s, and not surely enough.") % facts
    if notice.port is None:
        return (
            _("The notice tells no source port; at %(time)s %(count)s devices fit %(end)s.") % facts
        )
    return _("At %(time)s %(count)s devices fit %(end)s, and nothing tells them apart.") % facts
