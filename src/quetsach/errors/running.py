"""E5xx and E6xx: engines, how a command was called, databases, backups, and faults of ours."""

from collections.abc import Mapping

from quetsach.errors.catalogue import N_, ProblemEntry

RUNNING: Mapping[str, ProblemEntry] = {
    "E501": ProblemEntry(
        N_("the engine %(engine)s cannot start: %(reason)s"),
        N_("Use --engine local, or install the extra `spark`: see docs/engines.md."),
    ),
    "E502": ProblemEntry(N_("a part of the sweep failed: %(reason)s"), N_("Please report this.")),
    "E503": ProblemEntry(
        N_("the workers do not see %(folder)s; what they found was sent through the driver"),
        N_("Give -o a folder that all workers see by the same path; else findings must be few."),
    ),
    "E504": ProblemEntry(
        N_(
            "the compiled kernel is of another version (interface %(found)s, %(wanted)s wanted) "
            "and is not used: the answers are the same, but slower"
        ),
        N_("Run: make ready; or install the kernel that came with this version."),
    ),
    "E505": ProblemEntry(
        N_("the state of a watch cannot be used: %(reason)s"),
        N_(
            "Give another folder with --state, end the other watch, or free disk space. Without "
            "its state a watch would read everything again."
        ),
    ),
    "E506": ProblemEntry(
        N_("the changed list is not taken (%(reason)s); the one in use stays"),
        N_(
            "Check the list's files: one that is empty or lost half was mostly cut off. If it is "
            "meant, end the watch and start it again."
        ),
    ),
    "E507": ProblemEntry(
        N_("nothing can be received here: %(reason)s"),
        N_(
            "Name an address of this machine and a free port: --listen udp://10.0.0.5:514, or "
            "--dnstap unix:/run/quetsach/dnstap.sock; docs/watch.md shows each kind."
        ),
    ),
    "E508": ProblemEntry(
        N_("this user may not receive at port %(port)s"),
        N_(
            "Take a port above 1023 (5514) and have the devices send there, or give the right to "
            "the service: AmbientCapabilities=CAP_NET_BIND_SERVICE, as in the unit file of "
            "docs/watch.md."
        ),
    ),
    "E509": ProblemEntry(
        N_("what is received cannot be kept: %(reason)s"),
        N_(
            "Free disk space, or give another folder with --state. Until then senders over TCP "
            "wait, and what comes over UDP is lost and counted."
        ),
    ),
    "E510": ProblemEntry(
        N_(
            "%(count)s messages were lost; of all so far the system dropped %(kernel)s, the spool "
            "%(spool)s, too long were %(length)s"
        ),
        N_(
            "Where the system drops, raise its buffer: sysctl -w net.core.rmem_max=8388608. Where "
            "the spool does, give it more room (--spool-limit) or the watch more time: see lag."
        ),
    ),
    "E511": ProblemEntry(
        N_("the portal did not take these findings (%(reason)s)"),
        N_("They are kept in this folder: hand them in by hand, or ask whoever runs the portal."),
    ),
    "E512": ProblemEntry(
        N_("the command did not take what was met (%(reason)s); it is given it again"),
        N_(
            "Try it by hand: it reads a JSON object a line from its standard input and ends with 0."
        ),
    ),
    "E513": ProblemEntry(
        N_("%(count)s sightings were not passed on: too many waited"),
        N_("They are in the watch's own output and folders. See what keeps the receiver."),
    ),
    "E514": ProblemEntry(
        N_("not everything was sent (%(count)s sightings left): %(reason)s"),
        N_("What was taken is noted. Run the same command again: only the rest is sent."),
    ),
    "E515": ProblemEntry(
        N_("the ledger of what was sent is damaged in line %(line)s"),
        N_(
            "Restore it from a backup. If you move it away, everything is sent once more, and what "
            "was sent before can be taken back on the server alone."
        ),
    ),
    "E516": ProblemEntry(
        N_("another run is sending to this server"), N_("Wait until it has ended, then try again.")
    ),
    "E517": ProblemEntry(
        N_("captures and event logs were read without confinement: %(missing)s is missing here"),
        N_(
            "Read what you do not trust on Linux with both; until then such a file could do what "
            "who runs this may (docs/sandbox.md)."
        ),
    ),
    "E601": ProblemEntry(
        N_("wrong value: %(reason)s"),
        N_(
            "See the command's --help; right are, for example, --zone Asia/Ho_Chi_Minh, "
            "--inside 10.0.0.0/8, --since 2022-09-12T00:00+07:00."
        ),
    ),
    "E602": ProblemEntry(
        N_("stopped by the user"), N_("Nothing half-written was left. Start again.")
    ),
    "E603": ProblemEntry(
        N_("something went wrong that should not (%(reason)s)"),
        N_("Please report this, with the lines above."),
    ),
    "E604": ProblemEntry(
        N_("another version of quetsach made this database (%(reason)s); nothing was changed"),
        N_(
            "Start it with the version that made it, or set QUETSACH_HOME (and DATABASE_URL) to "
            "a new, empty place."
        ),
    ),
    "E605": ProblemEntry(
        N_("no backup was written here: %(reason)s"),
        N_(
            "Nothing half-written was left. Name a folder that does not exist yet, on a disk with "
            "room for the database and all files."
        ),
    ),
    "E606": ProblemEntry(
        N_("this program of PostgreSQL did not do its work: %(reason)s"),
        N_("Install the programs of the server's version or newer, and check DATABASE_URL."),
    ),
    "E607": ProblemEntry(
        N_("no whole backup is here (%(reason)s)"),
        N_("Name the folder that holds backup.json, or take an older backup."),
    ),
    "E608": ProblemEntry(
        N_("nothing was restored here: %(reason)s"),
        N_("Name an empty place; check the backup first: quetsach manage backup --check FOLDER."),
    ),
    "E609": ProblemEntry(
        N_("an earlier version made this database; %(count)s changes are missing (%(reason)s)"),
        N_("Run quetsach manage migrate: it makes a backup first. Then start again."),
    ),
    "E610": ProblemEntry(
        N_(
            "this process of the portal ended %(count)s times in %(minutes)s minutes "
            "(exit %(exit)s)"
        ),
        N_("Its last lines above say why. Mend that, then start again: quetsach serve."),
    ),
    "E611": ProblemEntry(
        N_("the answer cannot be written to standard output: %(reason)s"),
        N_(
            "Free some space or send it elsewhere, and run it again; files named with -o are whole."
        ),
    ),
    "E612": ProblemEntry(
        N_("the memory that this run may use is not enough (%(reason)s)"),
        N_("Raise its limit (ulimit -v, the service's), use fewer --workers or another machine."),
    ),
    "E613": ProblemEntry(
        N_("the system refused to read or write: %(reason)s"),
        N_(
            "Look at the disk (room, rights, errors in the system's log), also where temporary "
            "files lie (TMPDIR), and run it again; nothing half-written counts."
        ),
    ),
    "E614": ProblemEntry(
        N_("this needs the package %(package)s, which is not installed here"),
        N_("Run: pip install 'quetsach[%(extra)s]'."),
    ),
    "E615": ProblemEntry(
        N_("the portal is not installed here (package %(package)s)"),
        N_(
            "In the folder of the source run: pip install . ./portal; from a release, install its "
            "file quetsach_portal-*.whl. No public index has it: do not install it from there."
        ),
    ),
    "E616": ProblemEntry(
        N_("the portal is of version %(portal)s and quetsach of %(core)s; nothing was started"),
        N_(
            "Both must be of one version: install both again from one release or one source "
            "(pip install . ./portal), then start again."
        ),
    ),
    "E620": ProblemEntry(
        N_("this file of settings cannot be read: %(reason)s"),
        N_("Correct it, or name another with --config; quetsach config path shows which are read."),
    ),
    "E621": ProblemEntry(
        N_("there is no setting %(key)s; did you mean %(hint)s?"),
        N_("Correct or delete this line; quetsach config show lists all settings."),
    ),
    "E622": ProblemEntry(
        N_("%(key)s has a wrong value; right is: %(kind)s"),
        N_("Correct it; quetsach config show lists all settings."),
    ),
    "E623": ProblemEntry(
        N_("others on this machine may read this file (mode %(mode)s; secrets in it: %(keys)s)"),
        N_("Let only its owner and the group of the service read it: chmod 640, and chown."),
    ),
    "E624": ProblemEntry(
        N_("there is no setting %(key)s"),
        N_("Correct or delete this line; quetsach config show lists all settings."),
    ),
    "E625": ProblemEntry(
        N_("this file is not used, for others on this machine could change it: %(reason)s"),
        N_(
            "Let it and its folders be yours or root's, and let nobody else write there: chown, "
            "chmod go-w."
        ),
    ),
    "E626": ProblemEntry(
        N_("this secret is not used, for others on this machine may read it (mode %(mode)s)"),
        N_("Let only its owner, or the group of a service, read it: chmod 600, or 640."),
    ),
    "E630": ProblemEntry(
        N_("this setting of the directory cannot be used; right is, for example: %(right)s"),
        N_("Correct it, then try it: quetsach manage ldap_check NAME."),
    ),
    "E631": ProblemEntry(
        N_("passwords would go to %(host)s unencrypted; nobody signs in that way"),
        N_(
            "Name ldaps://, or ldap:// without this setting: StartTLS makes it safe. Only a "
            "directory on this machine may do without."
        ),
    ),
    "E632": ProblemEntry(
        N_("the directory does not answer as it should: %(reason)s"),
        N_(
            "See that it runs and can be reached from here, that its certificate has this name and "
            "is of an authority in the file that is set, and that the base exists. Accounts of the "
            "portal still work."
        ),
    ),
    "E633": ProblemEntry(
        N_("the directory does not let in the account that looks for people (%(reason)s)"),
        N_(
            "Correct its name or the first line of its file, then: quetsach manage ldap_check NAME."
        ),
    ),
    "E650": ProblemEntry(
        N_("this plugin is not used: %(reason)s"),
        N_(
            "Update or remove it; QUETSACH_PLUGINS=off turns all plugins off. What it would read "
            "is of unknown form until then (docs/plugins.md)."
        ),
    ),
    "E651": ProblemEntry(
        N_("code of this plugin failed: %(reason)s"),
        N_(
            "Report it to the author of the plugin, or remove it; QUETSACH_PLUGINS=off turns all "
            "plugins off (docs/plugins.md)."
        ),
    ),
    "E652": ProblemEntry(
        N_("%(lines)s of its lines were not read: the plugin that reads %(format)s failed at them"),
        N_("Update or remove the plugin (quetsach doctor names it), and sweep again."),
    ),
    "E653": ProblemEntry(
        N_("no format has this name here"),
        N_(
            "If a plugin reads it, install the plugin on this machine too: each worker needs it "
            "(docs/plugins.md). quetsach formats lists what there is."
        ),
    ),
}
