"""E1xx: files with logs, archives, leases and translations."""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass

# One row of the catalogue of problems.


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark `message` for the catalogue and return it as it is."""
    return message


@dataclass(frozen=True)
class ProblemEntry:
    """One row of the catalogue of problems: what happened, and what to do next."""

    what: str
    todo: str


EVIDENCE: Mapping[str, ProblemEntry] = {
    "E101": ProblemEntry(N_("there is no such file or folder"), N_("Check the path.")),
    "E102": ProblemEntry(
        N_("no #fields line in the first 64 KiB"),
        N_("Was the start of the file cut off? Ask for the whole file."),
    ),
    "E103": ProblemEntry(
        N_("the file is empty"),
        N_("Check that the device still writes its log; an empty log proves nothing."),
    ),
    "E104": ProblemEntry(
        N_("cannot be read: %(reason)s"), N_("Give yourself the right to read it, or copy it.")
    ),
    "E105": ProblemEntry(
        N_("binary data, not a text log (%(kind)s)"),
        N_("Export it as text, or wait for a version that reads this kind."),
    ),
    "E106": ProblemEntry(
        N_("the compressed data break off or are damaged at byte %(offset)s of the unpacked text"),
        N_("The part before the damage is counted. Fetch the file again from its source."),
    ),
    "E107": ProblemEntry(
        N_("a line is longer than %(limit)s bytes and was left out"),
        N_("Look at the file: a log line is never this long."),
    ),
    "E108": ProblemEntry(
        N_("most of its first lines do not read as %(format)s (%(bad)s of %(seen)s)"),
        N_("The log may have another format: run quetsach formats, and report it."),
    ),
    "E109": ProblemEntry(
        N_("it changed or became shorter while it was read"),
        N_("Copy the log first, then sweep the copy."),
    ),
    "E110": ProblemEntry(
        N_("an archive (%(kind)s) is not opened"), N_("Unpack it and give the folder.")
    ),
    "E111": ProblemEntry(
        N_("evidence of this kind of address is not read"),
        N_("Copy it to a folder first and give the folder."),
    ),
    "E112": ProblemEntry(N_("the folder holds no file"), N_("Check the path.")),
    "E113": ProblemEntry(
        N_("not a plain file (a device, a pipe or a socket)"), N_("Copy its content to a file.")
    ),
    "E114": ProblemEntry(
        N_("a link to a folder is not followed"), N_("Give the folder itself if it is evidence.")
    ),
    "E115": ProblemEntry(
        N_("it is not what its collection's manifest says: %(reason)s"),
        N_("It proves nothing as it is. Collect from that machine again."),
    ),
    "E116": ProblemEntry(
        N_("a file of an archive is not read: %(reason)s"),
        N_("Unpack the archive yourself and give the folder."),
    ),
    "E117": ProblemEntry(
        N_("the archive swells beyond its limit here; nothing behind this place is read"),
        N_("Unpack it yourself where there is room, look at it, and give the folder."),
    ),
    "E118": ProblemEntry(
        N_("an archive within an archive within an archive is not opened"),
        N_("Unpack the outer one and give the folder."),
    ),
    "E119": ProblemEntry(
        N_("the collector could not take %(what)s there: %(reason)s"),
        N_("Run it again on that machine, as administrator if you may."),
    ),
    "E120": ProblemEntry(
        N_("no record of leases or neighbours is in it, though it was named with --leases"),
        N_(
            "It assigns no address to a machine. Fetch the lease file itself; quetsach "
            "formats lists what is read."
        ),
    ),
    "E121": ProblemEntry(
        N_("no address translation and no port block is in it, though it was named with --nat"),
        N_(
            "It translates no public address. Give the files that --nat needs; quetsach "
            "formats lists what is read."
        ),
    ),
    "E122": ProblemEntry(
        N_("no record is in it (%(kind)s)"),
        N_("Was it written to its end? Fetch it again; without records it proves nothing."),
    ),
    "E123": ProblemEntry(
        N_("%(count)s records of it are not read: %(reason)s"),
        N_(
            "The rest is counted. Export it anew with the program that wrote it, as text or JSON, "
            "and give that file as well."
        ),
    ),
    "E124": ProblemEntry(
        N_("reading it was stopped: %(reason)s"),
        N_("What precedes is counted. Give it in smaller parts, and please report this."),
    ),
    "E125": ProblemEntry(
        N_(
            "it has lines of unknown form: who reached whom is not read in them (those that name "
            "an indicator: %(named)s)"
        ),
        N_(
            "No device is named from these lines, and their silence proves nothing. Export the log "
            "in a form of quetsach formats, and look at the lines that the report lists."
        ),
    ),
    "E126": ProblemEntry(
        N_("its records (%(dataset)s) tell no time, though their form has one"),
        N_("Export the log again with date and time: without them no machine is named surely."),
    ),
    "E127": ProblemEntry(
        N_("its records (%(dataset)s) name no client, though their form has one"),
        N_(
            "No device is named from it. Let the program log the address of the client, or export "
            "the log again with that column."
        ),
    ),
    "E128": ProblemEntry(
        N_("%(count)s signs within its lines elsewhere end a line (CR, U+2028, U+0085)"),
        N_("What is behind them may not have been read. Export the log with usual line ends."),
    ),
    "E129": ProblemEntry(
        N_(
            "its lines do not add up: %(lines)s begin in a part of it, %(sieved)s were looked at, "
            "%(ended)s have an outcome"
        ),
        N_("A fault of the program: do not rely on this result, and report it with this file."),
    ),
    "E130": ProblemEntry(
        N_("none of the files that were given is a log"),
        N_("Nothing was searched. Give the logs; quetsach formats lists what is read."),
    ),
    "E131": ProblemEntry(
        N_("no file of the evidence fits this pattern, so that nothing is declared by it"),
        N_("Compare it with the names of the files in the report, and mend it."),
    ),
    "E132": ProblemEntry(
        N_("a table whose columns are not known: %(columns)s"),
        N_(
            "No device is named from it, and its silence proves nothing. Say once what its columns "
            "are, in a column map as docs/captures.md shows, and give that with --columns."
        ),
    ),
    "E133": ProblemEntry(
        N_("the column map of a table of evidence is not sound: %(reason)s"),
        N_("Mend it; docs/captures.md shows one, docs/schema.md names the fields."),
    ),
    "E134": ProblemEntry(
        N_("the storage has no such bucket, folder or file"),
        N_("Check the address, and whether it was removed while it was read."),
    ),
    "E135": ProblemEntry(
        N_("the storage gives no right to it (%(reason)s)"),
        N_(
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, of a reader of this "
            "bucket; for HDFS, get a ticket with kinit."
        ),
    ),
    "E136": ProblemEntry(
        N_("the storage did not answer, or broke off (%(reason)s)"),
        N_("Look at the network and the storage, then sweep again: what is missing was not read."),
    ),
    "E137": ProblemEntry(
        N_("this address of a storage is not taken: %(reason)s"),
        N_(
            "Write s3://bucket/folder or hdfs://host:port/folder, and leave keys and passwords to "
            "the environment or a profile."
        ),
    ),
    "E138": ProblemEntry(
        N_("a link that leads out of its folder was put where a followed file was, or lies there"),
        N_(
            "It is not followed. If it is meant, name the link itself, or the file that it leads "
            "to, when you start the watch."
        ),
    ),
    "E139": ProblemEntry(
        N_("it grew by %(count)s bytes during the sweep; these may be missing here"),
        N_("Sweep it again, or follow it with: quetsach watch."),
    ),
    "E140": ProblemEntry(
        N_("it was searched, but has no SHA-256 here: it could not be read again: %(reason)s"),
        N_("Sweep it again where the digest is needed; the sightings are complete."),
    ),
}


# What a disk answers when it does not obey, in words of ours; systems say it in English alone.

_BY_NUMBER = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EISDIR: N_("it is a folder, not a file"),
    errno.ENOTDIR: N_("a part of its path is a file, not a folder"),
    errno.EACCES: N_("the system gives no right to it"),
    errno.EPERM: N_("the system gives no right to it"),
    errno.EEXIST: N_("it is there already"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your share of the disk is used up"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EIO: N_("the disk fails at reading or writing"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.ELOOP: N_("its links lead in a circle"),
    errno.EMFILE: N_("too many files are open"),
}

DISK: Mapping[str, str] = {os.strerror(number): said for number, said in _BY_NUMBER.items()}
"""By what the system says: files keep that, so that they are the same in each language."""


# E3xx: folders of findings, notices.


FINDINGS: Mapping[str, ProblemEntry] = {
    "E301": ProblemEntry(
        N_("the folder is already there, and not empty"), N_("Name another folder, or move it.")
    ),
    "E302": ProblemEntry(
        N_("the findings cannot be written: %(reason)s"),
        N_("Free some space or name another folder with -o; nothing half-written was left."),
    ),
    "E303": ProblemEntry(N_("not a findings folder"), N_("Give the folder that a sweep wrote.")),
    "E304": ProblemEntry(
        N_("no sighting has this number, or several begin with it"),
        N_("Take the whole number from the report."),
    ),
    "E305": ProblemEntry(
        N_("the folder is damaged: %(reason)s"), N_("Sweep again, or fetch the folder again.")
    ),
    "E310": ProblemEntry(
        N_("the table cannot be read: %(reason)s"),
        N_("Give a CSV with the columns device and time; for results of scans also result."),
    ),
    "E311": ProblemEntry(
        N_("row %(row)s names no device, no time or no result that is understood"),
        N_("Write a time as 2022-09-12 14:30 or 12/09/2022, a result as clean or infected."),
    ),
    "E312": ProblemEntry(
        N_("these findings do not record which devices were active: an earlier version wrote them"),
        N_("Sweep the evidence again with this version; until then nothing in it proves life."),
    ),
    "E313": ProblemEntry(
        N_("row %(row)s names no device of the findings, or several: %(device)s"),
        N_("Write the device as the findings name it, or one of its addresses."),
    ),
    "E314": ProblemEntry(
        N_("not a usable threshold or day: %(reason)s"),
        N_("Give whole days from 1 on, and a day as 2022-09-30."),
    ),
    "E320": ProblemEntry(
        N_("such an exam cannot be made: %(reason)s"),
        N_("See quetsach exam new --help, and docs/exam.md for an example."),
    ),
    "E321": ProblemEntry(
        N_("no folder of an exam, or damaged: %(reason)s"),
        N_("Give the folder that quetsach exam new wrote, with truth.json and commitment.txt."),
    ),
    "E322": ProblemEntry(
        N_("the truth of the exam is not the one that was committed to before it"),
        N_("This exam proves nothing any more. Make a new one, and keep its folder to yourself."),
    ),
    "E323": ProblemEntry(
        N_("the receipt does not count: %(reason)s"),
        N_("Fetch it again from its machine, as the script wrote it."),
    ),
    "E324": ProblemEntry(
        N_("the exam's own folder is among the evidence"),
        N_("Name the logs alone: the answers of the exam must not be read as evidence."),
    ),
    "E325": ProblemEntry(
        N_("no result of an exam, or damaged: %(reason)s"),
        N_("Give the file result.json that quetsach exam grade wrote."),
    ),
    "E326": ProblemEntry(
        N_("row %(row)s of the server's log cannot be used"),
        N_("Write time with its offset, address, port and mark: 2026-11-20T08:15:00+07:00,..."),
    ),
    "E327": ProblemEntry(
        N_("no folder of fingerprints, or damaged: %(reason)s"),
        N_("Give the folder that quetsach sweep --fingerprints wrote; a damaged day is not asked."),
    ),
    "E328": ProblemEntry(
        N_("the secret of fingerprints cannot be used: %(reason)s"),
        N_("Check the folder of keys and its rights; without it these days cannot be asked."),
    ),
}
