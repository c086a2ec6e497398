"""The layout rules of Nghị định 30/2020/NĐ-CP, Phụ lục I, each as a test of the elements."""

import re
from collections.abc import Callable

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.text import width_pt
from tests.oracles.layout.measures import (
    Verdict,
    rule_length,
    rules_in,
    set_as,
    short_rule,
    text_of,
)
from tests.oracles.layout.parts import Parts, worded
from tests.oracles.layout.word_reading import Para, WordTable, indent_mm, sizes

_LONGEST_FOUND = 80


def _page_size(parts: Parts) -> Verdict:
    page = parts.reading.page
    near = all(abs(a - b) < 0.5 for a, b in zip(page, decree.PAGE_MM, strict=True))
    return near, f"{page[0]:.0f} x {page[1]:.0f} mm"


def _margins(parts: Parts) -> Verdict:
    r = parts.reading
    pairs = (
        (r.top, decree.MARGIN_TOP_MM),
        (r.bottom, decree.MARGIN_BOTTOM_MM),
        (r.left, decree.MARGIN_LEFT_MM),
        (r.right, decree.MARGIN_RIGHT_MM),
    )
    found = " ".join(f"{value:.1f}" for value, _ in pairs)
    return all(span.holds(value) for value, span in pairs), found


def _typeface(parts: Parts) -> Verdict:
    paras = (*parts.reading.paras(), *parts.reading.header)
    used = {font for para in paras for run in para.runs for font in run.fonts}
    return used == {decree.FONT}, ", ".join(sorted(str(font) for font in used))


def _black(parts: Parts) -> Verdict:
    # The stamp of urgency is red; it has a rule of its own.
    paras = (para for para in parts.reading.paras() if para not in parts.stamp)
    used = {run.colour for para in paras for run in para.runs}
    return used <= {"000000", "auto"}, ", ".join(sorted(used))


def _nation(parts: Parts) -> Verdict:
    ok, found = set_as(worded(parts.nation)[:1], decree.NATION_PT, bold=True, upper=True)
    return ok and _joined(parts, 0) == parts.words.nation, found


def _motto(parts: Parts) -> Verdict:
    ok, found = set_as(worded(parts.nation)[1:2], decree.MOTTO_PT, bold=True)
    return ok and _joined(parts, 1) == parts.words.motto, found


def _joined(parts: Parts, number: int) -> str:
    # Whether it stands on one line is a rule of its own.
    return " ".join(worded(parts.nation)[number].text.split())


def _nation_fits(parts: Parts) -> Verdict:
    room = decree.points(decree.HEAD_COLUMNS_MM[1])
    widths = [
        width_pt(run.text, run.size, bold=run.bold)
        for para in worded(parts.nation)
        for run in para.runs
    ]
    broken = any("\n" in para.text for para in worded(parts.nation))
    ok = len(worded(parts.nation)) == 2 and not broken and max(widths) <= room
    return ok, f"{max(widths, default=0):.0f} of {room:.0f} pt"


def _motto_rule(parts: Parts) -> Verdict:
    told = [run for para in worded(parts.nation) for run in para.runs]
    if not told:
        return False, "no text above"
    run = told[-1]
    return rule_length(
        rules_in(parts.nation), width_pt(run.text, run.size, bold=True), (0.97, 1.03)
    )


def _issuer(parts: Parts) -> Verdict:
    # The lines above, if they are not bold, name the parent body.
    own = [para for para in worded(parts.issuer) if any(run.bold for run in para.runs)]
    return set_as(own, decree.BODY_NAME_PT, bold=True, upper=True)


def _parent(parts: Parts) -> Verdict:
    above = [para for para in worded(parts.issuer) if not any(run.bold for run in para.runs)]
    if not above:
        return True, "none"
    first = worded(parts.issuer)[: len(above)] == tuple(above)
    ok, found = set_as(above, decree.PARENT_PT, upper=True)
    return ok and first, found


def _issuer_rule(parts: Parts) -> Verdict:
    return short_rule(rules_in(parts.issuer), [p for p in worded(parts.issuer) if p.runs[0].bold])


def _subject_rule(parts: Parts) -> Verdict:
    drawn = () if parts.subject_rule is None else (parts.subject_rule,)
    return short_rule(drawn, [] if parts.subject is None else [parts.subject])


def _number(parts: Parts) -> Verdict:
    ok, found = set_as(parts.number, decree.NUMBER_PT)
    text = "\n".join(para.text for para in parts.number)
    shape = re.escape(parts.words.number) + r": (\d{2,}|\.+)/[^\s/a-z]+-\S+"
    return ok and re.fullmatch(shape, text) is not None, found


def _place(parts: Parts) -> Verdict:
    ok, found = set_as(parts.place.paras, decree.PLACE_PT, italic=True)
    shape = parts.words.place % {
        "place": r".+",
        "day": r"(\d\d|\.+)",
        "month": r"(0[12]|[3-9]|1[0-2]|\.+)",
        "year": r"(\d{4}|\.+)",
    }
    return ok and re.fullmatch(shape, text_of(parts.place)) is not None, found


def _kind(parts: Parts) -> Verdict:
    return _title_line(parts.kind, upper=True)


def _subject(parts: Parts) -> Verdict:
    return _title_line(parts.subject)


def _title_line(para: Para | None, *, upper: bool = False) -> Verdict:
    if para is None:
        return False, "none"
    ok, found = set_as([para], decree.TITLE_PT, bold=True, upper=upper)
    return ok and para.align == "center", f"{para.align} {found}"


def _addressed(parts: Parts) -> Verdict:
    ok, found = set_as(parts.addressed, decree.TEXT_PT)
    return ok, found


def _text_size(parts: Parts) -> Verdict:
    found = sizes(parts.text)
    return all(decree.TEXT_PT.holds(size) for size in found), str(found)


def _justified(parts: Parts) -> Verdict:
    found = {para.align for para in parts.text}
    return found == {"both"}, ", ".join(sorted(found))


def _first_line(parts: Parts) -> Verdict:
    # A line of dots continues the item above it and starts at the margin.
    set_in = [indent_mm(para) for para in parts.text if para.text.strip(".")]
    ok = all(any(abs(mm - wanted) < 0.1 for wanted in decree.FIRST_LINE_MM) for mm in set_in)
    return ok, ", ".join(sorted({f"{mm:.1f}" for mm in set_in}))


def _gap(parts: Parts) -> Verdict:
    gaps = [
        max(below.before, above.after)
        for above, below in zip(parts.text, parts.text[1:], strict=False)
    ]
    least = min(gaps, default=decree.PARAGRAPH_GAP_PT)
    return least >= decree.PARAGRAPH_GAP_PT, f"{least:g} pt"


def _line_spacing(parts: Parts) -> Verdict:
    found = [para.line for para in parts.text]
    ok = all(line is not None and decree.LINE_SPACING.holds(line) for line in found)
    return ok, ", ".join(sorted({str(line) for line in found}))


def _ending(parts: Parts) -> Verdict:
    last = parts.text[-1].text if parts.text else ""
    return last.endswith("./."), last[-_LONGEST_FOUND:]


def _recipients(parts: Parts) -> Verdict:
    head, listed = worded(parts.recipients)[:1], worded(parts.recipients)[1:]
    head_ok, head_found = set_as(head, decree.RECIPIENTS_HEAD_PT, bold=True, italic=True)
    list_ok, list_found = set_as(listed, decree.RECIPIENTS_PT)
    marked = [para.text[0] == "-" and para.text[-1] in ";." for para in listed]
    ends = (
        bool(listed)
        and listed[-1].text.endswith(".")
        and f"{parts.words.filed}:" in listed[-1].text
    )
    ok = head_ok and list_ok and all(marked) and ends
    ok = ok and head[0].text == f"{parts.words.recipients}:"
    return ok, f"{head_found} | {list_found}"


def _signer_post(parts: Parts) -> Verdict:
    return set_as(worded(parts.signer)[:-1], decree.SIGNER_PT, bold=True, upper=True)


def _signer_name(parts: Parts) -> Verdict:
    return set_as(worded(parts.signer)[-1:], decree.SIGNER_PT, bold=True)


def _page_number(parts: Parts) -> Verdict:
    header = parts.reading.header
    ok = (
        parts.reading.header_fields == ("PAGE",)
        and len(header) == 1
        and header[0].align == "center"
        and all(decree.PAGE_NUMBER_PT.holds(size) for size in sizes(header))
    )
    return ok, f"{parts.reading.header_fields} {[p.align for p in header]} {sizes(header)}"


def _first_page(parts: Parts) -> Verdict:
    first = parts.reading.first_header
    if first is None:
        return False, "page 1 has the number too"
    return not any(para.text for para in first), "own header"


def _grid_head(parts: Parts) -> Verdict:
    heads = [grid.rows[0] for grid in parts.grids]
    paras = [para for row in heads for cell in row.cells for para in cell.paras]
    ok = all(row.head for row in heads) and all(run.bold for p in paras for run in p.runs)
    return ok, f"{sum(row.head for row in heads)} of {len(heads)} repeat"


def _grid_rows(parts: Parts) -> Verdict:
    rows = [row for grid in parts.grids for row in grid.rows]
    return all(row.whole for row in rows), f"{sum(row.whole for row in rows)} of {len(rows)} whole"


def _grid_size(parts: Parts) -> Verdict:
    paras = [
        p for grid in parts.grids for row in grid.rows for cell in row.cells for p in cell.paras
    ]
    return all(decree.TEXT_PT.holds(size) for size in sizes(paras)), str(sizes(paras))


def _no_blank_paragraph(parts: Parts) -> Verdict:
    loose: list[Para] = []
    for section in parts.reading.sections:
        own = [block for block in section.blocks if isinstance(block, Para)]
        # The thin paragraph that must follow a closing table or end a section is no spacing.
        if own and section.blocks[-1] is own[-1] and own[-1].line is None:
            own.pop()
        loose += own
        tables = [block for block in section.blocks if isinstance(block, WordTable)]
        cells = [cell for table in tables for row in table.rows for cell in row.cells]
        # An open cell of a table has its one empty paragraph.
        loose += [para for cell in cells if len(cell.paras) > 1 for para in cell.paras]
    shown = (para.rule_pt is not None or para.pictured for para in loose)
    blank = [p for p, other in zip(loose, shown, strict=True) if not p.text.strip() and not other]
    return not blank, f"{len(blank)} blank"


def _no_typed_rule(parts: Parts) -> Verdict:
    paras = tuple(parts.reading.paras())
    typed = [para for para in paras if re.search("__|[-–—]{3}", para.text)]
    lined = [run for para in paras for run in para.runs if run.underlined]
    return not typed and not lined, f"{len(typed)} typed, {len(lined)} underlined"


# In the order of the decree; the names stay the same.
RULES: tuple[tuple[str, Callable[[Parts], Verdict]], ...] = (
    ("page-size", _page_size),
    ("margins", _margins),
    ("typeface", _typeface),
    ("black", _black),
    ("nation", _nation),
    ("motto", _motto),
    ("nation-on-one-line", _nation_fits),
    ("motto-rule", _motto_rule),
    ("issuing-body", _issuer),
    ("parent-body", _parent),
    ("issuing-body-rule", _issuer_rule),
    ("number", _number),
    ("place-and-day", _place),
    ("kind", _kind),
    ("subject", _subject),
    ("subject-rule", _subject_rule),
    ("addressed", _addressed),
    ("text-size", _text_size),
    ("justified", _justified),
    ("first-line", _first_line),
    ("paragraph-gap", _gap),
    ("line-spacing", _line_spacing),
    ("ending", _ending),
    ("recipients", _recipients),
    ("signer-post", _signer_post),
    ("signer-name", _signer_name),
    ("page-number", _page_number),
    ("page-number-not-on-page-1", _first_page),
    ("table-head", _grid_head),
    ("table-rows-whole", _grid_rows),
    ("table-size", _grid_size),
    ("no-blank-paragraph", _no_blank_paragraph),
    ("no-typed-rule", _no_typed_rule),
)
