"""What other installed packages offer, whether it can be used."""

from dataclasses import dataclass

from quetsach.entry_points import PluginGroup, PluginOffer, all_offers, take_problems


@dataclass(frozen=True)
class PluginRow:
    """One entry point of another package: whether it can be used, and why not."""

    offer: PluginOffer
    is_usable: bool
    reason: str = ""


def plugin_rows() -> tuple[PluginRow, ...]:
    """Return all entry points for quetsach, each loaded; nothing is looked for twice a process."""
    usable = {offer for group in PluginGroup for offer in usable_offers(group)}
    reasons = {
        problem.where: str(problem.facts.get("reason", ""))
        for problem in take_problems(*PluginGroup)
        if problem.code == "E650"
    }
    return tuple(
        PluginRow(offer, offer in usable, reasons.get(offer.shown, "")) for offer in all_offers()
    )


def usable_offers(group: PluginGroup) -> tuple[PluginOffer, ...]:
    """Return what can be used of `group`, in the order in which it is asked."""
    # Each loads a registry, and most callers ask for one.
    if group in (PluginGroup.FORMATS, PluginGroup.DIALECTS):
        from quetsach.formats.registry import offered_formats

        return tuple(offer for _form, offer in offered_formats() if offer.group is group)
    if group is PluginGroup.LIST_FORMS:
        from quetsach.indicators.formats.registry import offered_lists

        return tuple(form.offer for form in offered_lists())
    if group is PluginGroup.OUTPUTS:
        from quetsach.blocklists.outputs.registry import offered_outputs

        return tuple(offer for _output, offer in offered_outputs())
    from quetsach.api.exporting import offered_exports

    return tuple(offer for _export, offer in offered_exports())
