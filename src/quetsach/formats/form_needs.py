"""What lines of a form cannot do without, so that few of a hundred forms are asked about a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from quetsach.sieve.kernel import literals_held

_RARE_SIGNS = '%|"[]<>;{}=_,'
"""Signs that many lines lack altogether: what needs one is not looked for in these."""


class FormNeeds:
    """Which forms a layer may be of, by the texts and keys that their lines cannot do without.

    Shapes: a form is its place in `line_forms()`; literals are grouped by a rare sign in them, and
    `_written` has their bytes.
    """

    def __init__(self) -> None:
        self._literals: dict[str, dict[str, list[int]]] = {}
        self._keys: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._written: dict[str, bytes] = {}

    def add(self, place: int, literals: Sequence[str], keys: Sequence[str] = ()) -> None:
        """Note that the form at `place` needs one of `keys`, else one of `literals`."""
        for key in keys:
            self._keys.setdefault(key, []).append(place)
        for literal in () if keys else literals:
            sign = next((one for one in _RARE_SIGNS if one in literal), "")
            self._literals.setdefault(sign, {}).setdefault(literal, []).append(place)
            self._written[literal] = literal.encode()
        if not keys and not literals:
            self._always.append(place)

    def narrowed(self, text: str) -> "FormNeeds":
        """Return the needs of the forms that some part of `text` may be of."""
        present = literals_held(text.encode("utf-8", "surrogatepass"), [*self._written.values()])
        needs = FormNeeds()
        needs._keys, needs._always = self._keys, self._always
        for sign, literals in self._literals.items():
            some = {one: of for one, of in literals.items() if self._written[one] in present}
            if some:
                needs._literals[sign] = some
        return needs

    def places(self, text: str, document: Mapping[str, Any] | None = None) -> list[int]:
        """Return the forms that a layer may be of, some of them more than once."""
        places = [*self._always]
        for sign, literals in self._literals.items():
            if sign not in text:
                continue
            for literal, several in literals.items():
                if literal in text:
                    places += several
        if self._keys and document is not None:
            for key in self._keys.keys() & document.keys():
                places += self._keys[key]
        return places
