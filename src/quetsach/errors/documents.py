"""E4xx: forms, letters, papers, reports, keys and signatures, workbooks."""

from collections.abc import Mapping

from quetsach.errors.catalogue import N_, ProblemEntry

DOCUMENTS: Mapping[str, ProblemEntry] = {
    "E401": ProblemEntry(N_("there is no such form"), N_("Known forms: %(known)s.")),
    "E402": ProblemEntry(
        N_("the form's definition is not sound: %(reason)s"), N_("Mend the definition file.")
    ),
    "E403": ProblemEntry(
        N_("a value does not fit the form: %(reason)s"), N_("Give only what the form asks for.")
    ),
    "E404": ProblemEntry(
        N_("the findings have not the expected shape: %(reason)s"),
        N_("Sweep again with this version."),
    ),
    "E405": ProblemEntry(
        N_("the PDF cannot be made: %(reason)s"), N_("Use the DOCX, and please report this.")
    ),
    "E406": ProblemEntry(
        N_("the document cannot be written: %(reason)s"),
        N_("Free some space, or name another folder."),
    ),
    "E408": ProblemEntry(
        N_("no device in the findings is called %(device)s"),
        N_("Name it by its key, name, MAC or address, as devices.json has them."),
    ),
    "E409": ProblemEntry(
        N_("not a web address that a QR code can lead to"),
        N_("Give http:// or https:// with a host, such as https://portal.example/cases/{device}."),
    ),
    "E410": ProblemEntry(
        N_("not a kind of document that is read"),
        N_("Give it as DOCX, PDF, XLSX, ODT, HTML or e-mail, or as a text file."),
    ),
    "E411": ProblemEntry(
        N_("it is damaged: %(reason)s"),
        N_("What could be read is shown, the rest is not. Ask the sender for the file again."),
    ),
    "E412": ProblemEntry(
        N_("it is locked with a password or encrypted"),
        N_("Open it in its own program, save a copy without the password, and give the copy."),
    ),
    "E413": ProblemEntry(
        N_("reading stopped at a limit (%(limit)s)"),
        N_("The part before the limit is shown, the rest is not. Give it in smaller parts."),
    ),
    "E414": ProblemEntry(
        N_("it was made to do harm, or is broken in the same way (%(reason)s)"),
        N_("Open it in no program. Ask the sender by telephone whether the file is theirs."),
    ),
    "E415": ProblemEntry(
        N_("it holds macros; they were not run, and the text was read"),
        N_("Do not open it in an office program. Ask the sender for a file without macros."),
    ),
    "E416": ProblemEntry(
        N_("documents of this kind (%(kind)s) are not read"),
        N_("Open it in LibreOffice or Word, save it as DOCX, XLSX or PDF, and give that file."),
    ),
    "E417": ProblemEntry(
        N_("an archive of this kind (%(kind)s) is not opened"),
        N_("Unpack it and give the files, or pack them as ZIP."),
    ),
    "E418": ProblemEntry(
        N_("%(what)s is a picture and was not read (%(reason)s)"),
        N_(
            "Ask for the file with its text; or install Tesseract with Vietnamese data "
            "(Debian: apt-get install tesseract-ocr tesseract-ocr-vie) and read it again."
        ),
    ),
    "E419": ProblemEntry(
        N_("its text is in an old Vietnamese font coding (%(coding)s) and was turned into Unicode"),
        N_("Hold a few names against the original before you use them."),
    ),
    "E420": ProblemEntry(N_("there is no such letter template"), N_("Known templates: %(known)s.")),
    "E421": ProblemEntry(
        N_("the letter template is not sound: %(reason)s"), N_("Mend the template's file.")
    ),
    "E422": ProblemEntry(
        N_("the letter cannot be made: %(reason)s"),
        N_("Fill in or shorten what is named, and make it again."),
    ),
    "E423": ProblemEntry(
        N_("the sheet cannot be made: %(reason)s"),
        N_("Fill in or shorten what is named, and make it again."),
    ),
    "E424": ProblemEntry(
        N_("the letter is not signed"),
        N_(
            "Have it signed first: on paper, then enter the day and scan the signed paper; or by "
            "certificate, then upload the signed PDF."
        ),
    ),
    "E425": ProblemEntry(
        N_("no typeface of this system has the letters of this language"),
        N_("Install one (Debian: fonts-noto-core), or hand out the text alone."),
    ),
    "E426": ProblemEntry(
        N_("the signed letter is not there"),
        N_("Scan the paper with its signature, number and seal, and upload the scan."),
    ),
    "E427": ProblemEntry(
        N_("the letter says something else than what was signed"),
        N_("Return it to its writers, and have it signed again as it is now."),
    ),
    "E428": ProblemEntry(
        N_("paragraph %(line)s names an annex that is not attached: “%(said)s”"),
        N_("Attach it, number the reference as the annexes are numbered, or take it out."),
    ),
    "E429": ProblemEntry(
        N_("the addressees are not the recipients: %(reason)s"),
        N_("Change the addressees or the recipients until both are the same."),
    ),
    "E430": ProblemEntry(
        N_("more text than a letter has; the first %(lines)s lines were read as one"),
        N_("Look whether anything is asked for further down; lists are read apart from letters."),
    ),
    "E431": ProblemEntry(
        N_("this letter does not ask who held an address"),
        N_(
            "Read it first: quetsach letter read FILE. Notices of infected machines are traced by "
            "quetsach trace."
        ),
    ),
    "E440": ProblemEntry(
        N_("not a message that can be read: %(reason)s"),
        N_("Ask the sender for the message again, as plain XML."),
    ),
    "E441": ProblemEntry(
        N_("the file on the sending body is not sound: %(reason)s"),
        N_("Give a TOML file with organ_id and organ_name; see quetsach avreport export --help."),
    ),
    "E442": ProblemEntry(
        N_("the message cannot be signed: %(reason)s"),
        N_("Give the private key and the certificate that belongs to it, both as PEM files."),
    ),
    "E443": ProblemEntry(
        N_("the certificate to trust cannot be used: %(reason)s"),
        N_("Give X.509 certificates in PEM form."),
    ),
    "E444": ProblemEntry(
        N_("cannot be read or written: %(reason)s"),
        N_("Check the path, the rights and the free space; nothing half-written was left."),
    ),
    "E450": ProblemEntry(
        N_("not a version of a report: %(reason)s"),
        N_("Fetch it again from where it was made; a report is never mended by hand."),
    ),
    "E451": ProblemEntry(
        N_("the figures cannot be added up: %(reason)s"),
        N_("Set right what is named, or leave that report out and say why."),
    ),
    "E452": ProblemEntry(
        N_("the machines cannot be counted: %(reason)s"),
        N_("Ask the unit to make its report again."),
    ),
    "E453": ProblemEntry(
        N_("not a whole number: %(reason)s"),
        N_("Write digits alone, such as 1234 or 1.234; where there is no figure, say why."),
    ),
    "E454": ProblemEntry(
        N_("not a proof bundle: %(reason)s"), N_("Ask whoever sent it for the file again.")
    ),
    "E455": ProblemEntry(
        N_("the proof bundle cannot be written: %(reason)s"),
        N_("Give the versions as they were handed in, the root first."),
    ),
    "E456": ProblemEntry(
        N_("not a proof of acts: %(reason)s"),
        N_("Ask the office that made it for the file again, as it was written."),
    ),
    "E460": ProblemEntry(
        N_("the report cannot be made: %(reason)s"),
        N_("Fill in or shorten what is named, and make it again."),
    ),
    "E461": ProblemEntry(
        N_("%(field)s has %(length)s characters; the register holds %(most)s"),
        N_("Shorten it; the length is that of Nghị định 30/2020, Phụ lục VI."),
    ),
    "E462": ProblemEntry(
        N_("%(body)s has issued a document number %(number)s this year already"),
        N_("Look into the register, and give the next free number."),
    ),
    "E463": ProblemEntry(N_("%(field)s is less than 0"), N_("Give a whole number, 0 or greater.")),
    "E470": ProblemEntry(
        N_("the PDF cannot be signed: %(reason)s"),
        N_("Give the PDF as it was made; a locked or damaged one is not signed."),
    ),
    "E471": ProblemEntry(
        N_("the key or certificate cannot be used: %(reason)s"),
        N_("Give a PKCS#12 file or a token with its passphrase; to trust, X.509 certificates."),
    ),
    "E472": ProblemEntry(
        N_("not a PDF whose signatures can be judged: %(reason)s"),
        N_("Ask whoever sent it for the file again."),
    ),
    "E473": ProblemEntry(
        N_("the authority gave no time stamp: %(reason)s"),
        N_(
            "Nothing was signed or written. Try again later or name another authority; without "
            "--tsa it is signed without a stamp."
        ),
    ),
    "E475": ProblemEntry(
        N_("the workbook is not taken: %(reason)s"),
        N_("Set right what is named, and hand it in again; nothing of it was saved."),
    ),
    "E476": ProblemEntry(
        N_("the remote signing service did not sign: %(reason)s"),
        N_("Nothing was signed. Try again, or sign by token or on paper."),
    ),
}
