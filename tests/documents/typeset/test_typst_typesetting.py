"""What the typesetter refuses is a coded problem that names the template."""

from pathlib import Path

import pytest

from quetsach.documents.typeset.typst import set_page
from quetsach.errors.exceptions import QuetsachError


@pytest.mark.parametrize("template", ["#panic()", '#set text(font: "No Such Face 77")\nx'])
def test_a_template_that_fails_or_warns_is_refused(tmp_path: Path, template: str) -> None:
    (tmp_path / "page.typ").write_text(template)
    with pytest.raises(QuetsachError, match=r"page\.typ"):
        set_page(tmp_path / "page.typ", "page", {}, qr="x", when_s=0)
