"""The words of the engine for a refusal: the reason that a problem shows.

The portal has its own: whole sentences, each under a code.
"""

from collections.abc import Mapping

from quetsach.containers.refusal import ContainerRefused, RefusalCode
from quetsach.errors.catalogue import N_
from quetsach.texts import _, plain

_REASONS: Mapping[RefusalCode, str] = {
    RefusalCode.CUT_OFF: N_("the archive is cut off"),
    RefusalCode.ENCRYPTED: N_("it is locked with a password"),
    RefusalCode.SWELLS: N_("a file that swells when it is unpacked"),
    RefusalCode.TOO_LARGE: N_("a part is too large"),
    RefusalCode.TOO_MANY: N_("its list of files is too long"),
    RefusalCode.TOO_COMPLEX: N_("it is nested too deeply, or has too many elements or attributes"),
    RefusalCode.NESTED: N_("it is an archive within an archive"),
    RefusalCode.UNSAFE_NAME: N_("its name is not safe"),
    RefusalCode.DUPLICATE: N_("there are two of this name, and this is the second"),
    RefusalCode.LINK: N_("a link is not followed"),
    RefusalCode.SPECIAL_FILE: N_("it is no plain file"),
    RefusalCode.CONTRADICTION: N_("the list of files and the files do not agree"),
    RefusalCode.METHOD: N_("it is packed in an uncommon way (%(number)s)"),
    RefusalCode.DOCUMENT_TYPE: N_("XML with a DTD, in which entities are defined"),
}


def reason_of(refusal: ContainerRefused) -> str:
    """Return why a container or a file in it is refused, in the language in use.

    Damage is told in the words of the library that met it.
    """
    text = _REASONS.get(refusal.code)
    if text is None:
        return plain(str(refusal.facts.get("detail", ""))) or refusal.code.value
    return _(text) % refusal.facts
