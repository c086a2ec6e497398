"""E3xx: folders of findings, notices."""

from collections.abc import Mapping

from quetsach.problems.entry import N_, Entry

FINDINGS: Mapping[str, Entry] = {
    "E301": Entry(
        N_("the folder is already there, and not empty"), N_("Name another folder, or move it.")
    ),
    "E302": Entry(
        N_("the findings cannot be written: %(reason)s"),
        N_("Free some space or name another folder with -o; nothing half-written was left."),
    ),
    "E303": Entry(N_("not a findings folder"), N_("Give the folder that a sweep wrote.")),
    "E304": Entry(
        N_("no sighting has this number, or several begin with it"),
        N_("Take the whole number from the report."),
    ),
    "E305": Entry(
        N_("the folder is damaged: %(reason)s"), N_("Sweep again, or fetch the folder again.")
    ),
    "E310": Entry(
        N_("the table cannot be read: %(reason)s"),
        N_("Give a CSV with the columns device and time; for results of scans also result."),
    ),
    "E311": Entry(
        N_("row %(row)s names no device, no time or no result that is understood"),
        N_("Write a time as 2022-09-12 14:30 or 12/09/2022, a result as clean or infected."),
    ),
    "E312": Entry(
        N_("these findings do not tell which device was alive: an earlier version wrote them"),
        N_("Sweep the evidence again with this version; until then nothing in it proves life."),
    ),
    "E313": Entry(
        N_("row %(row)s names none, or more than one device of the findings: %(device)s"),
        N_("Write the device as the findings name it, or one of its addresses."),
    ),
    "E314": Entry(
        N_("not a usable threshold or day: %(reason)s"),
        N_("Give whole days from 1 on, and a day as 2022-09-30."),
    ),
}
