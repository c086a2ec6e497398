"""A plain join of all lists with all evidence: each row is found, or it is proven why it is not."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from publicsuffixlist import PublicSuffixList

from quetsach.captures.registry import capture_readers
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorSet, MatchRule
from quetsach.indicators.options import RefusalReason
from tests.oracles import sieve as oracle
from tests.real.sweeping import Swept, content_of, line_starts, swept

pytestmark = pytest.mark.real

KINDS = {decoder.kind for decoder in capture_readers()}
ROWS = 847
"""Tokens of the join; each names one to twelve files."""


def refused_as(token: str, found: Swept) -> str | None:
    """Return why the list's row was refused, as the user is told."""
    return next((one.reason for one in found.lists.refusals if one.origin.text == token), None)


def is_no_host(token: str, file: str, found: Swept) -> bool:
    """`favicon.ico`: a piece of a page's address, refused; no line has it as a host."""
    content = content_of(found.root / file)
    places = [match.start() for match in re.finditer(re.escape(token.encode()), content)]
    behind_a_slash = all(content[:place].endswith((b"/", b"%2F")) for place in places)
    return refused_as(token, found) == RefusalReason.UNPARSABLE and bool(places) and behind_a_slash


def is_public_suffix(token: str, file: str, found: Swept) -> bool:
    """`azureedge.net`: strangers get names below it, so that the row is refused and told."""
    suffix = PublicSuffixList(accept_unknown=False).publicsuffix(token)
    return refused_as(token, found) == RefusalReason.PUBLIC_SUFFIX and suffix == token


def is_twin(token: str, file: str, found: Swept) -> bool:
    """The file has the same bytes as another one, and that one has the sighting."""
    source = found.sources.get(file)
    if source is None or source["duplicate_of"] is None:
        return False
    other = found.shown(source["duplicate_of"])
    same = (found.root / file).read_bytes() == (found.root / other).read_bytes()
    return same and (token, other) in found.met


EXPLANATIONS: dict[str, tuple[Callable[[str, str, Swept], bool], int]] = {
    "a piece of a page's address, no host": (is_no_host, 9),
    "a public suffix": (is_public_suffix, 15),
    "in a second copy of a file": (is_twin, 1),
}


def test_every_row_of_the_join_is_found_or_explained(
    cross_hits: dict[str, list[str]], tokens_swept: Swept
) -> None:
    assert len(cross_hits) == ROWS
    pairs = [(token, file) for token, files in cross_hits.items() for file in files]
    missed = [pair for pair in pairs if (pair[0].lower(), pair[1]) not in tokens_swept.met]
    reasons: Counter[str] = Counter()
    for token, file in missed:
        held = [
            name for name, (is_so, _) in EXPLANATIONS.items() if is_so(token, file, tokens_swept)
        ]
        assert len(held) == 1, (token, file, held)
        reasons.update(held)
    assert reasons == {name: count for name, (_, count) in EXPLANATIONS.items()}
    assert len(pairs) - len(missed) == 1403


def bordered(one: Indicator) -> re.Pattern[bytes]:
    """Return a search for an indicator that is no part of a longer label or number."""
    # A dash joins the letters of a label, but parts the addresses of a range.
    inner = rb"[A-Za-z0-9_-]" if one.kind is IndicatorKind.NAME else rb"[A-Za-z0-9_]"
    key = re.escape(one.key.encode())
    return re.compile(rb"(?<!%s)%s(?!%s)" % (inner, key, inner), re.IGNORECASE)


def test_no_line_is_a_sighting_that_does_not_hold_its_indicator(tokens_swept: Swept) -> None:
    """Judged by a search for the token between the borders of labels and numbers."""
    forms = {one.key: bordered(one) for one in tokens_swept.lists.indicators}
    contents: dict[str, bytes] = {}
    for row in tokens_swept.rows:
        key, file, offset = (
            row[name] for name in ("quetsach.indicator.key", "log.file.path", "log.offset")
        )
        if file not in contents:
            contents[file] = content_of(tokens_swept.root / file)
        end = contents[file].find(b"\n", offset)
        line = contents[file][offset : end if end >= 0 else None]
        if file in tokens_swept.sources and tokens_swept.sources[file]["codec"] in KINDS:
            continue
        # The oracle undoes codes letter by letter, which few lines need.
        if forms[key].search(line) is None:
            plain = oracle.decoded(line.decode("latin-1")).encode("latin-1")
            assert forms[key].search(plain), (key, file, offset)
    assert len(tokens_swept.rows) > 20_000


def test_every_sighting_points_to_the_start_of_a_line(tokens_swept: Swept) -> None:
    offsets: dict[str, set[int]] = {}
    for row in tokens_swept.rows:
        offsets.setdefault(row["log.file.path"], set()).add(row["log.offset"])
    for file, found in offsets.items():
        if tokens_swept.sources[file]["codec"] in KINDS:
            # Its lines are those of its rendering.
            continue
        assert found <= set(line_starts(content_of(tokens_swept.root / file))), file


@pytest.fixture(scope="module")
def all_swept(
    data: Path, every_list: IndicatorSet, tmp_path_factory: pytest.TempPathFactory
) -> Swept:
    """Return the sweep of all evidence for all lists as they are."""
    target = tmp_path_factory.mktemp("all") / "findings"
    return swept([data / "evidence"], every_list, target, root=data)


def test_hundreds_of_thousands_of_rows_more_change_nothing_of_what_a_short_list_finds(
    every_list: IndicatorSet, tokens_swept: Swept, all_swept: Swept
) -> None:
    small = {one.key: one for one in tokens_swept.lists.indicators}
    shared = {
        one.key
        for one in every_list.indicators
        if one.key in small and one.rule is small[one.key].rule and one.claim.valid_from_us is None
    }
    scanned = {file for _, file in tokens_swept.met if not file.startswith("scenarios/")}

    def of(found: Swept) -> set[tuple[str, str, int]]:
        return {
            (row["quetsach.indicator.key"], row["log.file.path"], row["log.offset"])
            for row in found.rows
            if row["quetsach.indicator.key"] in shared and row["log.file.path"] in scanned
        }

    assert len(shared) > 400
    assert of(all_swept) == of(tokens_swept)


def test_a_name_that_is_listed_as_exact_is_met_by_itself_alone(all_swept: Swept) -> None:
    exact = {
        one.key
        for one in all_swept.lists.indicators
        if one.kind is IndicatorKind.NAME and one.rule is MatchRule.EXACT
    }
    rows = [row for row in all_swept.rows if row["quetsach.indicator.key"] in exact]
    assert rows
    assert {row["quetsach.match.rule"] for row in rows} == {"exact"}
