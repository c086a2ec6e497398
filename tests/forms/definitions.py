"""Definitions of forms for tests: a shipped one as text, and a short one."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.reading import (
    read_form,
)
from quetsach.texts import in_language

SHORT = """
code = "thu"
version = "1"
kind = "BÁO CÁO"
kind_code = "BC"
closing = "./."
signer_post = "THỦ TRƯỞNG"
recipients = ["Lưu: VT"]
title = { vi = "Thử", en = "Trial" }

[[sections]]
number = "1"
title = { vi = "Một", en = "One" }

[[sections.fields]]
id = "machines"
kind = "count"
unit = "machines"
label = { vi = "Máy", en = "Machines" }

[[sections.fields]]
id = "clean"
kind = "count"
unit = "machines"
aggregation = "sum"
label = { vi = "Sạch", en = "Clean" }

[[sections.fields]]
id = "how"
kind = "choice"
label = { vi = "Cách", en = "How" }
choices = [{ id = "a", label = { vi = "A", en = "A" } }]

[[checks]]
rule = "not_more"
field = "clean"
of = ["machines"]
"""


def refused(data: bytes) -> str:
    with in_language("en"), pytest.raises(QuetsachError) as caught:
        read_form(data, "thu.toml")
    assert caught.value.problem.code == "E402"
    assert caught.value.problem.where == "thu.toml"
    return str(caught.value.problem.facts["reason"])
