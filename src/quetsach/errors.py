"""What can go wrong, each with a code that never changes: what, where, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quetsach.texts import _, plain


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark `message` for the catalogue and return it as it is."""
    return message


@dataclass(frozen=True)
class Entry:
    """One row of the catalogue of problems: what happened, and what to do next."""

    what: str
    todo: str


# E1xx evidence, E2xx indicators, E3xx findings folder, E4xx documents, E5xx engines, E6xx usage.
CATALOGUE: Mapping[str, Entry] = {
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
    "E201": Entry(
        N_("no indicator was left to look for"),
        N_("Give a list with at least one valid row: quetsach indicators check FILE."),
    ),
    "E202": Entry(N_("the list cannot be read: %(reason)s"), N_("Check the path and the file.")),
    "E203": Entry(
        N_("the list has no valid row"), N_("See why with: quetsach indicators check FILE.")
    ),
    "E210": Entry(
        N_("the file is damaged or hostile and was not read: %(reason)s"),
        N_("Fetch it again from its sender; a part of it is no list."),
    ),
    "E211": Entry(
        N_("it only names the events of a MISP feed and holds no indicator"),
        N_("Give the events themselves, or fetch them: quetsach indicators fetch ADDRESS."),
    ),
    "E212": Entry(
        N_("none of its %(count)s attributes is marked for detection (to_ids), so none is applied"),
        N_("Ask the sender which are meant, or give those you mean as a plain list."),
    ),
    "E213": Entry(
        N_("the server cannot be reached: %(reason)s"),
        N_("Check the address, the network and the certificate; nothing was written."),
    ),
    "E214": Entry(
        N_("this address is not asked: %(reason)s"),
        N_("Only the host that you name is asked, over https. Give the address it must be."),
    ),
    "E215": Entry(
        N_("the server does not let you in (%(status)s)"),
        N_("Check user, password or key: --user with --password-file, or --token-file."),
    ),
    "E216": Entry(
        N_("the server's answer cannot be used: %(reason)s"),
        N_("Nothing was written. Ask whoever runs the server, or try again later."),
    ),
    "E217": Entry(
        N_("the column map fits no list that was given"),
        N_("Has the sender changed the table? See: quetsach indicators columns FILE."),
    ),
    "E218": Entry(
        N_("the column map is not sound: %(reason)s"),
        N_("Mend the file, or write a new one: quetsach indicators columns FILE --save MAP.toml."),
    ),
    "E219": Entry(
        N_("a notice of infected addresses, no list: it says who was seen, not what to look for"),
        N_(
            "Find the machines behind these addresses in the records of leases and NAT; if it is a "
            "list after all, save a column map for it: "
            "quetsach indicators columns FILE --save MAP.toml."
        ),
    ),
    "E220": Entry(
        N_("no sound release of indicators: %(reason)s"),
        N_("Fetch the file again from whoever published it."),
    ),
    "E221": Entry(
        N_("the update is empty: the version before looked for %(before)s indicators"),
        N_(
            "Nothing was written. Check the lists; if it is meant, say why with "
            "--accept-shrunken REASON."
        ),
    ),
    "E222": Entry(
        N_(
            "the update would look for %(after)s indicators, the version before for %(before)s "
            "(dropped by decision: %(dropped)s)"
        ),
        N_(
            "Nothing was written. Check the lists; if it is meant, say why with "
            "--accept-shrunken REASON."
        ),
    ),
    "E223": Entry(
        N_("sources that had indicators now have none: %(lists)s"),
        N_(
            "Nothing was written. Check these lists; if it is meant, say why with "
            "--accept-shrunken REASON."
        ),
    ),
    "E224": Entry(
        N_("no release here has this digest, or several begin with it"),
        N_("The digests of a store stand in its versions.jsonl."),
    ),
    "E225": Entry(
        N_("the release cannot be written: %(reason)s"),
        N_("Free some space or name another folder; nothing half-written was left."),
    ),
    "E226": Entry(
        N_("the file of decisions cannot be used: %(reason)s"),
        N_("Mend or remove the line; quetsach indicators decide writes new ones."),
    ),
    "E227": Entry(
        N_("a release file is already there with other content"),
        N_("A release is never overwritten: name another file with -o, or use --store."),
    ),
    "E228": Entry(
        N_("the table of units cannot be used: %(reason)s"),
        N_("Give a CSV with the columns subnet and unit, one network a row."),
    ),
    "E230": Entry(
        N_("the key cannot be used: %(reason)s"),
        N_("Give an Ed25519 key in PEM form, such as quetsach indicators key makes."),
    ),
    "E231": Entry(
        N_("the key is locked, and its passphrase is missing or wrong"),
        N_("Type it when asked, or name a file that holds it with --passphrase-file."),
    ),
    "E232": Entry(
        N_("the key file is already there; a key is never overwritten"),
        N_("Choose another name, or another folder with -o."),
    ),
    "E233": Entry(
        N_("it cannot be signed: %(reason)s"),
        N_("Make the release again, then sign it."),
    ),
    "E234": Entry(
        N_("key %(key)s has signed it already"),
        N_("Nothing is to be done; another person signs with another key."),
    ),
    "E235": Entry(
        N_("it was changed after it was signed: %(reason)s"),
        N_("Fetch it again from its source; do not sign what another has changed."),
    ),
    "E236": Entry(
        N_("the printed text cannot be read: %(reason)s"),
        N_("Give the 24 words, the 64 hex digits or the text of the QR code."),
    ),
    "E237": Entry(
        N_("cannot be read or written: %(reason)s"),
        N_("Check the path, the rights and the free space; nothing half-written was left."),
    ),
    "E238": Entry(
        N_("no sheet can be made: %(reason)s"),
        N_("Sign it first: quetsach indicators sign FILE --key PRIVATE.pem."),
    ),
    "E240": Entry(N_("there is no such form of output"), N_("Known forms: %(known)s.")),
    "E241": Entry(
        N_("this form has no mode %(mode)s"),
        N_("Say --mode %(other)s, or to %(mode)s take another form: %(use)s."),
    ),
    "E242": Entry(
        N_("the belt cannot be read: %(reason)s"),
        N_("Put the file right: a belt with a hole protects nothing. Nothing was written."),
    ),
    "E243": Entry(
        N_("this value does not fit the form: %(reason)s"),
        N_("See quetsach indicators convert --help and the page of outputs."),
    ),
    "E244": Entry(
        N_("the folder holds something that is no release of ours"),
        N_("Name another folder with -o, or move what is in it."),
    ),
    "E245": Entry(
        N_("%(reason)s stands on the belt and would have been stopped"),
        N_("Nothing was written. Please report this, with the list and the belt."),
    ),
    "E246": Entry(
        N_("nothing was left to write (%(reason)s)"),
        N_("Check the list with: quetsach indicators check FILE, or take another form."),
    ),
    "E247": Entry(
        N_("the files cannot be written: %(reason)s"),
        N_("Free some space or name another folder with -o; nothing half-written was left."),
    ),
    "E248": Entry(
        N_("this release has more than one file: %(names)s"), N_("Name a folder with -o DIR.")
    ),
    "E249": Entry(
        N_("the last release cannot be read: %(reason)s"),
        N_("Give --previous its folder or its keys.tsv, or leave it away."),
    ),
    "E250": Entry(
        N_("the notices cannot be read: %(reason)s"), N_("Check the path and your rights.")
    ),
    "E251": Entry(
        N_("no notices of a form that is known"),
        N_(
            "Give a Shadowserver CSV, n6, IntelMQ or XARF as JSON, the unit's list as PDF, DOCX or "
            "XLSX, or a CSV with the columns timestamp, ip, port, dst_ip, dst_port."
        ),
    ),
    "E252": Entry(
        N_("more notices than are read at once (%(limit)s)"),
        N_("Cut the file into parts and give each; nothing was traced."),
    ),
    "E253": Entry(
        N_("the file has headings of notices, but no item"),
        N_("Ask the sender whether it is complete; an empty report proves nothing."),
    ),
    "E254": Entry(
        N_("the answer cannot be written: %(reason)s"),
        N_("Free some space or name another folder with -o."),
    ),
    "E260": Entry(
        N_("not a table of port block rules"),
        N_("It needs columns: inside network, public network, first port, ports per host."),
    ),
    "E261": Entry(
        N_("row %(row)s of the port block rules cannot be used"),
        N_("Check its networks (no host bits), its ports, and that all inside machines have room."),
    ),
    "E262": Entry(
        N_("the inventory cannot be used: %(reason)s"),
        N_(
            "Give an Excel, ODS or CSV table with headings such as host_name, mac, fixed_address, "
            "unit, room."
        ),
    ),
    "E263": Entry(
        N_("the network plan cannot be used: %(reason)s"),
        N_("Give an Excel, ODS or CSV table with headings such as unit, subnet, public, gateway."),
    ),
    "E264": Entry(
        N_("the file of corrections cannot be used: %(reason)s"),
        N_("Mend the line; nothing in this file is ever passed over."),
    ),
    "E265": Entry(
        N_("the correction was not written: %(reason)s"),
        N_("Say which device, by which address or hardware address, since when, and why."),
    ),
    "E266": Entry(
        N_("%(count)s rows or cells of it cannot be relied on"),
        N_("See the list of problems, and mend the table; the rest of it was used."),
    ),
    "E270": Entry(
        N_("it is no catalogue of tools: %(reason)s"),
        N_("Fetch it again from the campaign's page, with its .sig file."),
    ),
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
    "E401": Entry(N_("there is no such form"), N_("Known forms: %(known)s.")),
    "E402": Entry(
        N_("the form's definition is not sound: %(reason)s"), N_("Mend the definition file.")
    ),
    "E403": Entry(
        N_("a value does not fit the form: %(reason)s"), N_("Give only what the form asks for.")
    ),
    "E404": Entry(
        N_("the findings have not the expected shape: %(reason)s"),
        N_("Sweep again with this version."),
    ),
    "E405": Entry(
        N_("the PDF cannot be made: %(reason)s"),
        N_("Use the DOCX, and please report this."),
    ),
    "E406": Entry(
        N_("the document cannot be written: %(reason)s"),
        N_("Free some space, or name another folder."),
    ),
    "E407": Entry(
        N_("not a Word document: %(reason)s"), N_("Give a DOCX file; save older ones as DOCX.")
    ),
    "E408": Entry(
        N_("no device in the findings is called %(device)s"),
        N_("Name it by its key, name, MAC or address, as devices.json has them."),
    ),
    "E409": Entry(
        N_("not a web address that a QR code can lead to"),
        N_("Give http:// or https:// with a host, such as https://portal.example/cases/{device}."),
    ),
    "E410": Entry(
        N_("not a kind of document that is read"),
        N_("Give it as DOCX, PDF, XLSX, ODT, HTML or e-mail, or as a text file."),
    ),
    "E411": Entry(
        N_("it is damaged: %(reason)s"),
        N_("What could be read is shown, the rest is not. Ask the sender for the file again."),
    ),
    "E412": Entry(
        N_("it is locked with a password or encrypted"),
        N_("Open it in its own program, save a copy without the password, and give the copy."),
    ),
    "E413": Entry(
        N_("reading stopped at a limit (%(limit)s)"),
        N_("What stood before the limit is shown, nothing behind it. Give it in smaller parts."),
    ),
    "E414": Entry(
        N_("it was made to do harm, or is broken in the same way (%(reason)s)"),
        N_("Open it in no program. Ask the sender by telephone whether the file is theirs."),
    ),
    "E415": Entry(
        N_("it holds macros; they were not run, and the text was read"),
        N_("Do not open it in an office program. Ask the sender for a file without macros."),
    ),
    "E416": Entry(
        N_("documents of this kind (%(kind)s) are not read"),
        N_("Open it in LibreOffice or Word, save it as DOCX, XLSX or PDF, and give that file."),
    ),
    "E417": Entry(
        N_("an archive of this kind (%(kind)s) is not opened"),
        N_("Unpack it and give the files, or pack them as ZIP."),
    ),
    "E418": Entry(
        N_("%(what)s is a picture and was not read (%(reason)s)"),
        N_(
            "Ask for the file with its text; or install Tesseract with Vietnamese data "
            "(Debian: apt-get install tesseract-ocr tesseract-ocr-vie) and read it again."
        ),
    ),
    "E419": Entry(
        N_("its text is in an old Vietnamese font coding (%(coding)s) and was turned into Unicode"),
        N_("Hold a few names against the original before you use them."),
    ),
    "E420": Entry(N_("there is no such letter template"), N_("Known templates: %(known)s.")),
    "E421": Entry(
        N_("the letter template is not sound: %(reason)s"), N_("Mend the template's file.")
    ),
    "E422": Entry(
        N_("the letter cannot be made: %(reason)s"),
        N_("Fill in or shorten what is named, and make it again."),
    ),
    "E423": Entry(
        N_("the sheet cannot be made: %(reason)s"),
        N_("Fill in or shorten what is named, and make it again."),
    ),
    "E425": Entry(
        N_("no typeface of this system has the letters of this language"),
        N_("Install one (Debian: fonts-noto-core), or hand out the text alone."),
    ),
    "E430": Entry(
        N_("more text than a letter has; the first %(lines)s lines were read as one"),
        N_("Look whether anything is asked for further down; lists are read apart from letters."),
    ),
    "E440": Entry(
        N_("not a message that can be read: %(reason)s"),
        N_("Ask the sender for the message again, as plain XML."),
    ),
    "E441": Entry(
        N_("the file on the sending body is not sound: %(reason)s"),
        N_("Give a TOML file with organ_id and organ_name; see quetsach avreport export --help."),
    ),
    "E442": Entry(
        N_("the message cannot be signed: %(reason)s"),
        N_("Give the private key and the certificate that belongs to it, both as PEM files."),
    ),
    "E443": Entry(
        N_("the certificate to trust cannot be used: %(reason)s"),
        N_("Give X.509 certificates in PEM form."),
    ),
    "E444": Entry(
        N_("cannot be read or written: %(reason)s"),
        N_("Check the path, the rights and the free space; nothing half-written was left."),
    ),
    "E450": Entry(
        N_("not a version of a report: %(reason)s"),
        N_("Fetch it again from where it was made; a report is never mended by hand."),
    ),
    "E451": Entry(
        N_("the figures cannot be added up: %(reason)s"),
        N_("Set right what is named, or leave that report out and say why."),
    ),
    "E452": Entry(
        N_("the machines cannot be counted: %(reason)s"),
        N_("Ask the unit to make its report again."),
    ),
    "E453": Entry(
        N_("not a whole number: %(reason)s"),
        N_("Write digits alone, such as 1234 or 1.234; where there is no figure, say why."),
    ),
    "E454": Entry(
        N_("not a proof bundle: %(reason)s"),
        N_("Ask whoever sent it for the file again."),
    ),
    "E455": Entry(
        N_("the proof bundle cannot be written: %(reason)s"),
        N_("Give the versions as they were handed in, the root first."),
    ),
    "E460": Entry(
        N_("the report cannot be made: %(reason)s"),
        N_("Fill in or shorten what is named, and make it again."),
    ),
    "E461": Entry(
        N_("%(field)s has %(length)s characters; the register holds %(most)s"),
        N_("Shorten it; the length is that of Nghị định 30/2020, Phụ lục VI."),
    ),
    "E462": Entry(
        N_("%(body)s has issued a document number %(number)s this year already"),
        N_("Look into the register, and give the next free number."),
    ),
    "E463": Entry(N_("%(field)s is less than 0"), N_("Give a whole number, 0 or greater.")),
    "E470": Entry(
        N_("the PDF cannot be signed: %(reason)s"),
        N_("Give the PDF as it was made; a locked or damaged one is not signed."),
    ),
    "E471": Entry(
        N_("the key or certificate cannot be used: %(reason)s"),
        N_("Give a PKCS#12 file or a token with its passphrase; to trust, X.509 certificates."),
    ),
    "E472": Entry(
        N_("not a PDF whose signatures can be judged: %(reason)s"),
        N_("Ask whoever sent it for the file again."),
    ),
    "E475": Entry(
        N_("the workbook is not taken: %(reason)s"),
        N_("Set right what is named, and hand it in again; nothing of it was saved."),
    ),
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


@dataclass(frozen=True)
class Problem:
    """One thing that went wrong: its code, where, and the facts that its sentence names."""

    code: str
    where: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def what(self) -> str:
        """Return what happened, in the language in use."""
        return self._said("what")

    def todo(self) -> str:
        """Return what to do next, in the language in use."""
        return self._said("todo")

    def _said(self, part: str) -> str:
        # A problem may come out of a stranger's release: its facts need not fit its code.
        try:
            return str(_(getattr(CATALOGUE[self.code], part)) % self.facts)
        except (KeyError, TypeError, ValueError):
            return ", ".join(map(str, self.facts.values())) or "?"

    def __str__(self) -> str:
        return plain(f"{self.code} {self.where}: {self.what()}. {self.todo()}")


class QuetsachError(Exception):
    """The base of every error that we raise; it carries one Problem."""

    def __init__(self, code: str, where: str, **facts: Any) -> None:
        super().__init__(code, where)
        self.problem = Problem(code, where, facts)

    def __str__(self) -> str:
        return str(self.problem)
