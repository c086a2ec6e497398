"""What every format hands on: a layout that travels, a reject that shows its line."""

import pickle
from pathlib import Path

from quetsach.formats.contract import EXCERPT_BYTES, Format
from tests.formats.golden import each_sample, layout_of, lines_of, read


@each_sample
def test_layout_can_be_sent_elsewhere(form: Format, sample: Path) -> None:
    layout = layout_of(form, sample.read_bytes())
    assert pickle.loads(pickle.dumps(layout)) == layout
    assert hash(layout) == hash(pickle.loads(pickle.dumps(layout)))


@each_sample
def test_the_excerpt_of_a_reject_is_the_start_of_its_line(form: Format, sample: Path) -> None:
    content = sample.read_bytes()
    lines = dict(lines_of(content))
    for one in read(form, content).rejects:
        assert one.excerpt == lines[one.offset][:EXCERPT_BYTES]
