"""Forms of lists of other installed packages, each behind a guard.

A list is taken whole or not at all: what such a form raises refuses the list, so that no half of it
passes for the whole, and no other form reads its text as it happens to fit.
"""

from functools import cache
from typing import Any

from quetsach.entry_points import PluginGroup, PluginOffer, demanded, load, offers_of
from quetsach.indicators.formats.contract import FormReading, ListFile, ListFormat, ListRow


class PluginList:
    """A form of another package as one of ours."""

    def __init__(self, inner: ListFormat, offer: PluginOffer) -> None:
        self.offer, self._inner = offer, inner
        self.name, self.title, self.reads = offer.name, str(inner.title), str(inner.reads)

    def read(self, file: ListFile) -> FormReading | None:
        """Return the rows of `file`, None when it is not of this form.

        Errors: E651 where the form raises, or gives what is no row.
        """
        return demanded(self.offer, lambda: self._read(file))

    def _read(self, file: ListFile) -> FormReading | None:
        reading = self._inner.read(file)
        if reading is None:
            return None
        if not isinstance(reading, FormReading):
            raise TypeError("read() gave no FormReading")
        rows = tuple(reading.rows)
        if not all(isinstance(row, ListRow) and isinstance(row.value, str) for row in rows):
            raise TypeError("a row is no ListRow")
        # Only a release of ours brings indicators that were judged before.
        rows = tuple(row._replace(ready=None) for row in rows)
        return FormReading(rows, reading.column, reading.problems)


def _instance(loaded: Any) -> Any:
    return loaded() if isinstance(loaded, type) else loaded


def _is_list_form(form: Any) -> bool:
    return callable(getattr(form, "read", None)) and all(
        isinstance(getattr(form, text, None), str) for text in ("title", "reads")
    )


@cache
def plugin_lists(taken: frozenset[str]) -> tuple[PluginList, ...]:
    """Return the forms that other packages offer under names that are not `taken`, in order."""
    forms = []
    for offer in offers_of(PluginGroup.LIST_FORMS, taken):
        form = load(offer, _is_list_form, _instance)
        if form is not None:
            forms.append(PluginList(form, offer))
    return tuple(forms)
