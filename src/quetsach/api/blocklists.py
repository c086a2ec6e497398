"""Whether what was handed to a resolver works there."""

from datetime import date
from pathlib import Path

from quetsach.blocklists.planted import planted_on, read_planted_key
from quetsach.blocklists.proving import BlockProof as BlockProof
from quetsach.blocklists.proving import ProofNames as ProofNames
from quetsach.blocklists.proving import ResolverAnswer as ResolverAnswer
from quetsach.blocklists.proving import ResolverProof as ResolverProof
from quetsach.blocklists.proving import prove_block as prove_block
from quetsach.blocklists.proving import release_proof_names
from quetsach.errors.exceptions import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.texts import _


def proof_names(
    *,
    release: Path | None = None,
    name: str = "",
    key_file: Path | None = None,
    day: date,
    sinkholes: tuple[str, ...] = (),
) -> ProofNames:
    """Return what is asked: the names of a release, a name, or what is planted on `day`.

    Errors: E249 for the release; E601 for the key, a wrong name, or where none of them is given.
    """
    if release is not None:
        names = release_proof_names(release)
        return ProofNames(names.listed, names.loaded, names.loaded_address, sinkholes)
    if key_file is not None:
        key = read_planted_key(key_file)
        return ProofNames(planted_on(key, day, "".join(key.places[:1])).name, sinkholes=sinkholes)
    if not name:
        raise QuetsachError("E601", "--name", reason=_("--release, --name or --key-file is needed"))
    parsed = parse_name(name)
    if parsed is None or "." not in parsed.ascii:
        raise QuetsachError("E601", "--name", reason=name)
    return ProofNames(parsed.ascii, sinkholes=sinkholes)
