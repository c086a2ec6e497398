"""E1xx: files with logs, archives, leases and translations."""

from collections.abc import Mapping

from quetsach.problems.entry import N_, Entry

EVIDENCE: Mapping[str, Entry] = {
    "E101": Entry(N_("there is no such file or folder"), N_("Check the path.")),
    "E102": Entry(
        N_("no #fields line in the first 64 KiB"),
        N_("Was the start of the file cut off? Ask for the whole file."),
    ),
    "E103": Entry(
        N_("the file is empty"),
        N_("Check that the device still writes its log; an empty log proves nothing."),
    ),
    "E104": Entry(
        N_("cannot be read: %(reason)s"), N_("Give yourself the right to read it, or copy it.")
    ),
    "E105": Entry(
        N_("binary data, not a text log (%(kind)s)"),
        N_("Export it as text, or wait for a version that reads this kind."),
    ),
    "E106": Entry(
        N_("the compressed data break off or are damaged at byte %(offset)s of the unpacked text"),
        N_("What stood before is counted. Fetch the file again from its source."),
    ),
    "E107": Entry(
        N_("a line is longer than %(limit)s bytes and was left out"),
        N_("Look at the file: a log line is never this long."),
    ),
    "E108": Entry(
        N_("most of its first lines do not read as %(format)s (%(bad)s of %(seen)s)"),
        N_("The log may be of another form: run quetsach formats, and tell us of it."),
    ),
    "E109": Entry(
        N_("it changed or became shorter while it was read"),
        N_("Copy the log first, then sweep the copy."),
    ),
    "E110": Entry(N_("an archive (%(kind)s) is not opened"), N_("Unpack it and give the folder.")),
    "E111": Entry(
        N_("evidence of this kind of address is not read"),
        N_("Copy it to a folder first and give the folder."),
    ),
    "E112": Entry(N_("the folder holds no file"), N_("Check the path.")),
    "E113": Entry(
        N_("not a plain file (a device, a pipe or a socket)"), N_("Copy its content to a file.")
    ),
    "E114": Entry(
        N_("a link to a folder is not followed"), N_("Give the folder itself if it is evidence.")
    ),
    "E115": Entry(
        N_("it is not what its collection's manifest says: %(reason)s"),
        N_("It proves nothing as it is. Collect from that machine again."),
    ),
    "E116": Entry(
        N_("a file of an archive is not read: %(reason)s"),
        N_("Unpack the archive yourself and give the folder."),
    ),
    "E117": Entry(
        N_("the archive swells beyond its limit here; nothing behind this place is read"),
        N_("Unpack it yourself where there is room, look at it, and give the folder."),
    ),
    "E118": Entry(
        N_("an archive within an archive within an archive is not opened"),
        N_("Unpack the outer one and give the folder."),
    ),
    "E119": Entry(
        N_("the collector could not take %(what)s there: %(reason)s"),
        N_("Run it again on that machine, as administrator if you may."),
    ),
    "E120": Entry(
        N_("no record of leases or neighbours is in it, though it was named with --leases"),
        N_(
            "No address can be put to a machine by it. Fetch the lease file itself; "
            "quetsach formats says which are read."
        ),
    ),
    "E121": Entry(
        N_("no address translation and no port block is in it, though it was named with --nat"),
        N_(
            "No public address can be followed inwards by it. Give what --nat asks for; "
            "quetsach formats says which are read."
        ),
    ),
}
