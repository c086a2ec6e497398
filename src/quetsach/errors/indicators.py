"""E2xx: lists of indicators, outputs for devices, keys of releases, tables of own machines."""

from collections.abc import Mapping

from quetsach.errors.catalogue import N_, ProblemEntry

INDICATORS: Mapping[str, ProblemEntry] = {
    "E201": ProblemEntry(
        N_("no indicator was left to look for"),
        N_("Give a list with at least one valid row: quetsach indicators check FILE."),
    ),
    "E202": ProblemEntry(
        N_("the list cannot be read: %(reason)s"), N_("Check the path and the file.")
    ),
    "E203": ProblemEntry(
        N_("the list has no valid row"), N_("See why with: quetsach indicators check FILE.")
    ),
    "E210": ProblemEntry(
        N_("the file is damaged or hostile and was not read: %(reason)s"),
        N_("Fetch it again from its sender; a part of it is no list."),
    ),
    "E211": ProblemEntry(
        N_("it only names the events of a MISP feed and holds no indicator"),
        N_("Give the events themselves, or fetch them: quetsach indicators fetch ADDRESS."),
    ),
    "E212": ProblemEntry(
        N_("none of its %(count)s attributes is marked for detection (to_ids), so none is applied"),
        N_(
            "Ask the sender which are meant, or take them in all the same "
            "(quetsach indicators take-in FILE -o more.jsonl)."
        ),
    ),
    "E213": ProblemEntry(
        N_("the server cannot be reached: %(reason)s"),
        N_("Check the address, the network and the certificate; nothing was written."),
    ),
    "E214": ProblemEntry(
        N_("this address is not asked: %(reason)s"),
        N_("Only the host that you name is asked, over https. Give the address it must be."),
    ),
    "E215": ProblemEntry(
        N_("the server does not let you in (%(status)s)"),
        N_("Check user, password or key: --user with --password-file, or --token-file."),
    ),
    "E216": ProblemEntry(
        N_("the server's answer cannot be used: %(reason)s"),
        N_("Nothing was written. Ask whoever runs the server, or try again later."),
    ),
    "E217": ProblemEntry(
        N_("the column map fits no list that was given"),
        N_("Has the sender changed the table? See: quetsach indicators columns FILE."),
    ),
    "E218": ProblemEntry(
        N_("the column map is not sound: %(reason)s"),
        N_("Mend the file, or write a new one: quetsach indicators columns FILE --save MAP.toml."),
    ),
    "E219": ProblemEntry(
        N_("a notice of infected addresses, no list: it says who was seen, not what to look for"),
        N_(
            "Find the machines behind these addresses in the records of leases and NAT; if it is a "
            "list after all, save a column map for it: "
            "quetsach indicators columns FILE --save MAP.toml."
        ),
    ),
    "E220": ProblemEntry(
        N_("no sound release of indicators: %(reason)s"),
        N_("Fetch the file again from whoever published it."),
    ),
    "E221": ProblemEntry(
        N_("the update is empty: the version before looked for %(before)s indicators"),
        N_(
            "Nothing was written. Check the lists; if it is meant, say why with "
            "--accept-shrunken REASON."
        ),
    ),
    "E222": ProblemEntry(
        N_(
            "the update would look for %(after)s indicators, the version before for %(before)s "
            "(dropped by decision: %(dropped)s)"
        ),
        N_(
            "Nothing was written. Check the lists; if it is meant, say why with "
            "--accept-shrunken REASON."
        ),
    ),
    "E223": ProblemEntry(
        N_("sources that had indicators now have none: %(lists)s"),
        N_(
            "Nothing was written. Check these lists; if it is meant, say why with "
            "--accept-shrunken REASON."
        ),
    ),
    "E224": ProblemEntry(
        N_("no release here has this digest, or several begin with it"),
        N_("The digests of a store stand in its versions.jsonl."),
    ),
    "E225": ProblemEntry(
        N_("the release cannot be written: %(reason)s"),
        N_("Free some space or name another folder; nothing half-written was left."),
    ),
    "E226": ProblemEntry(
        N_("the file of decisions cannot be used: %(reason)s"),
        N_("Mend or remove the line; quetsach indicators decide writes new ones."),
    ),
    "E227": ProblemEntry(
        N_("a release file is already there with other content"),
        N_("A release is never overwritten: name another file with -o, or use --store."),
    ),
    "E228": ProblemEntry(
        N_("the table of units cannot be used: %(reason)s"),
        N_("Give a CSV with the columns subnet and unit, one network a row."),
    ),
    "E230": ProblemEntry(
        N_("the key cannot be used: %(reason)s"),
        N_("Give an Ed25519 key in PEM form, such as quetsach indicators key makes."),
    ),
    "E231": ProblemEntry(
        N_("the key is locked, and its passphrase is missing or wrong"),
        N_("Type it when asked, or name a file that holds it with --passphrase-file."),
    ),
    "E232": ProblemEntry(
        N_("the key file is already there; a key is never overwritten"),
        N_("Choose another name, or another folder with -o."),
    ),
    "E233": ProblemEntry(
        N_("it cannot be signed: %(reason)s"), N_("Make the release again, then sign it.")
    ),
    "E234": ProblemEntry(
        N_("key %(key)s has signed it already"),
        N_("Nothing is to be done; another person signs with another key."),
    ),
    "E235": ProblemEntry(
        N_("it was changed after it was signed: %(reason)s"),
        N_("Fetch it again from its source; do not sign what another has changed."),
    ),
    "E236": ProblemEntry(
        N_("the printed text cannot be read: %(reason)s"),
        N_("Give the 24 words, the 64 hex digits or the text of the QR code."),
    ),
    "E237": ProblemEntry(
        N_("cannot be read or written: %(reason)s"),
        N_("Check the path, the rights and the free space; nothing half-written was left."),
    ),
    "E238": ProblemEntry(
        N_("no sheet can be made: %(reason)s"),
        N_("Sign it first: quetsach indicators sign FILE --key PRIVATE.pem."),
    ),
    "E239": ProblemEntry(
        N_("the file of sensors is wrong: %(reason)s"),
        N_("Each sensor is a [[sensor]] with name, kind and file; see docs/sensors.md."),
    ),
    "E240": ProblemEntry(N_("there is no such form of output"), N_("Known forms: %(known)s.")),
    "E241": ProblemEntry(
        N_("this form has no mode %(mode)s"),
        N_("Say --mode %(other)s, or to %(mode)s take another form: %(use)s."),
    ),
    "E242": ProblemEntry(
        N_("the never-block list cannot be read: %(reason)s"),
        N_("Correct the file: a never-block list with gaps protects nothing. Nothing was written."),
    ),
    "E243": ProblemEntry(
        N_("this value does not fit the form: %(reason)s"),
        N_("See quetsach indicators convert --help and the page of outputs."),
    ),
    "E244": ProblemEntry(
        N_("the folder holds something that is no release of ours"),
        N_("Name another folder with -o, or move what is in it."),
    ),
    "E245": ProblemEntry(
        N_("%(reason)s is on the never-block list and would have been blocked"),
        N_("Nothing was written. Please report this, with the list and the never-block list."),
    ),
    "E246": ProblemEntry(
        N_("nothing was left to write (%(reason)s)"),
        N_("Check the list with: quetsach indicators check FILE, or take another form."),
    ),
    "E247": ProblemEntry(
        N_("the files cannot be written: %(reason)s"),
        N_("Free some space or name another folder with -o; nothing half-written was left."),
    ),
    "E248": ProblemEntry(
        N_("this release has more than one file: %(names)s"), N_("Name a folder with -o DIR.")
    ),
    "E249": ProblemEntry(
        N_("the last release cannot be read: %(reason)s"),
        N_("Give --previous its folder or its keys.tsv, or leave it away."),
    ),
    "E250": ProblemEntry(
        N_("the notices cannot be read: %(reason)s"), N_("Check the path and your rights.")
    ),
    "E251": ProblemEntry(
        N_("no notices of a form that is known"),
        N_(
            "Give a Shadowserver CSV, n6, IntelMQ or XARF as JSON, the unit's list as PDF, DOCX or "
            "XLSX, or a CSV with the columns timestamp, ip, port, dst_ip, dst_port."
        ),
    ),
    "E252": ProblemEntry(
        N_("more notices than are read at once (%(limit)s)"),
        N_("Cut the file into parts and give each; nothing was traced."),
    ),
    "E253": ProblemEntry(
        N_("the file has headings of notices, but no item"),
        N_("Ask the sender whether it is complete; an empty report proves nothing."),
    ),
    "E254": ProblemEntry(
        N_("the answer cannot be written: %(reason)s"),
        N_("Free some space or name another folder with -o."),
    ),
    "E255": ProblemEntry(
        N_("not a table of public ranges, or more than 64 MB"),
        N_("Give a CSV with the columns unit and cidr, and if known since, until, shared."),
    ),
    "E256": ProblemEntry(
        N_("rows of the table of ranges cannot be used: %(rows)s"),
        N_("Correct them; the same addresses at the same time belong to one unit or are shared."),
    ),
    "E257": ProblemEntry(
        N_("the slip cannot be answered: %(reason)s"),
        N_("Have the subscriber take a new slip on the campaign's public page, and send it whole."),
    ),
    "E258": ProblemEntry(
        N_("it is no key set of a public page"),
        N_("Fetch it again from the page's address /nha-mang/keys.json."),
    ),
    "E259": ProblemEntry(
        N_("the slip is not of the line that asks"),
        N_("Answer nobody else: the subscriber has to ask from the line of the slip."),
    ),
    "E260": ProblemEntry(
        N_("not a table of port block rules"),
        N_("It needs columns: inside network, public network, first port, ports per host."),
    ),
    "E261": ProblemEntry(
        N_("row %(row)s of the port block rules cannot be used"),
        N_("Check its networks (no host bits), its ports, and that all inside machines have room."),
    ),
    "E262": ProblemEntry(
        N_("the inventory cannot be used: %(reason)s"),
        N_(
            "Give an Excel, ODS or CSV table with headings such as host_name, mac, fixed_address, "
            "unit, room."
        ),
    ),
    "E263": ProblemEntry(
        N_("the network plan cannot be used: %(reason)s"),
        N_("Give an Excel, ODS or CSV table with headings such as unit, subnet, public, gateway."),
    ),
    "E264": ProblemEntry(
        N_("the file of corrections cannot be used: %(reason)s"),
        N_("Mend the line; nothing in this file is ever passed over."),
    ),
    "E265": ProblemEntry(
        N_("the correction was not written: %(reason)s"),
        N_("Give the device, its address or hardware address, the start time and the reason."),
    ),
    "E266": ProblemEntry(
        N_("%(count)s rows or cells of it cannot be relied on"),
        N_("See the list of problems, and mend the table; the rest of it was used."),
    ),
    "E267": ProblemEntry(
        N_("what is declared of the sources cannot be used: %(reason)s"),
        N_(
            "Mend it; nothing in this file is ever passed over. docs/time.md shows each key with "
            "an example."
        ),
    ),
    "E268": ProblemEntry(
        N_("nothing of the list was set aside, so that nothing is to be taken in"),
        N_("Sweep with the list as it is; paths without a host need --under HOST."),
    ),
    "E270": ProblemEntry(
        N_("it is no catalogue of tools: %(reason)s"),
        N_("Fetch it again from the campaign's page, with its .sig file."),
    ),
    "E271": ProblemEntry(
        N_("the compiled list cannot be used: %(reason)s"),
        N_("Compile it again from its lists: quetsach indicators compile LIST... -o FILE."),
    ),
    "E272": ProblemEntry(
        N_("the list was compiled by another version (%(version)s)"),
        N_("Compile it again from its lists: quetsach indicators compile LIST... -o FILE."),
    ),
    "E273": ProblemEntry(
        N_("the list was compiled with other options (%(option)s), by which other rows count"),
        N_("Compile it again with the options of this run, or give the lists themselves."),
    ),
    "E274": ProblemEntry(
        N_("the compiled list cannot be written: %(reason)s"),
        N_("Free some space or name another folder; nothing half-written was left."),
    ),
    "E275": ProblemEntry(
        N_(
            "not all warning lists are installed: whether an indicator is among a million visited "
            "sites or known harmless files was not looked at"
        ),
        N_(
            "A machine that met such an indicator is named like any other. Run: pip install "
            "'quetsach[lists]', and sweep again."
        ),
    ),
    "E276": ProblemEntry(
        N_("columns that hold addresses, names or hashes are not read: %(columns)s"),
        N_(
            "Nobody says what they are. If they are indicators, save a column map that names them: "
            "quetsach indicators columns FILE --save MAP.toml."
        ),
    ),
}
