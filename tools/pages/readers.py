"""For whom each generated page is, and where its reader goes on; other pages say it themselves."""

from collections.abc import Mapping

GENERATED = "<!-- Written by `make docs`; a change here is overwritten. -->\n"

READERS: Mapping[str, tuple[str, str]] = {
    "cli.md": (
        "people who type commands or write scripts",
        "[a first sweep](tutorials/first-sweep.md) · [configuration](configuration.md)",
    ),
    "errors.md": (
        "everybody who met a code and wants to know what to do",
        "[cli](cli.md) · [deploying](deploying.md)",
    ),
    "formats.md": (
        "IT officers who want to know whether their log is read",
        "[collect logs](how-to/collect-logs.md) · [a dialect of your own](dialects.md)",
    ),
    "glossary.md": (
        "people who write texts, code or translations",
        "[all pages](README.md) · [STYLE](../STYLE.md)",
    ),
    "lists.md": (
        "people who receive a list and want to use it as it came",
        "[check a list](how-to/check-a-list.md) · [what a hit means](hits.md)",
    ),
    "outputs.md": (
        "IT officers who load a list into a resolver, firewall, proxy or sensor",
        "[block a list](how-to/block-a-list.md) · [lists for programs that run](sensors.md) · "
        "[what tried each form](interop.md)",
    ),
    "letter.md": (
        "programmers who read letters with quetsach, and people who check what was read",
        "[read a letter](how-to/read-a-letter.md) · [letters that go out](letters-out.md)",
    ),
    "schema.md": (
        "people who evaluate sightings or write a format",
        "[python](python.md) · [exports](exports.md) · [dialects](dialects.md)",
    ),
    "portal-settings.md": (
        "operators of the portal and of the public page",
        "[how settings are read](configuration.md) · [deploying](deploying.md)",
    ),
    "forms-shipped.md": (
        "people who fill in a report and want to know each question",
        "[how a form is described](forms.md) · [reports](reports.md)",
    ),
    "security-asvs.md": (
        "people who judge the security of the portal",
        "[security design](security-design.md) · [SECURITY](../SECURITY.md)",
    ),
    "fuzzing.md": (
        "developers, and people who ask how hostile files were tried",
        "[reliability](reliability.md) · [sandbox](sandbox.md)",
    ),
    "sandbox.md": (
        "operators and people who judge how strangers' files are read",
        "[security design](security-design.md) · [deploying](deploying.md)",
    ),
    "portal-api.md": (
        "programmers who read from the portal or hand in to it",
        "[settings](portal-settings.md) · [what the portal does](explanations/portal.md)",
    ),
    "campaign-life.md": (
        "owners of a lead office, and operators who ask when data are deleted",
        "[a first campaign](tutorials/first-campaign.md) · [reports](reports.md)",
    ),
}


def with_readers(name: str, text: str) -> str:
    """Return a generated page with its reader behind the title, and the next pages at its end.

    Errors: ValueError where the page does not say that it is generated.
    """
    if name not in READERS:
        return text
    reader, following = READERS[name]
    before, mark, after = text.partition(GENERATED)
    if not mark:
        raise ValueError(f"docs/{name} does not say that it is generated")
    return f"{before}{mark}\nFor {reader}.\n{after.rstrip()}\n\nNext: {following}\n"
