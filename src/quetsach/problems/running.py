"""E5xx and E6xx: engines, how a command was called, and faults of ours."""

from collections.abc import Mapping

from quetsach.problems.entry import N_, Entry

RUNNING: Mapping[str, Entry] = {
    "E501": Entry(
        N_("the engine %(engine)s cannot start: %(reason)s"),
        N_("Use --engine local, or install the extra `spark`: see docs/engines.md."),
    ),
    "E502": Entry(N_("a part of the sweep failed: %(reason)s"), N_("Please report this.")),
    "E601": Entry(
        N_("wrong value: %(reason)s"),
        N_(
            "See the command's --help; right are, for example, --zone Asia/Ho_Chi_Minh, "
            "--inside 10.0.0.0/8, --since 2022-09-12T00:00+07:00."
        ),
    ),
    "E602": Entry(N_("stopped by the user"), N_("Nothing half-written was left. Start again.")),
    "E603": Entry(
        N_("something went wrong that should not (%(reason)s)"),
        N_("Please report this, with the lines above."),
    ),
}
