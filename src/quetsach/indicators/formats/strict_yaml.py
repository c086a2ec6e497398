"""YAML of strangers: plain values only, without aliases and tags, bounded in size and depth."""

from typing import Any

from quetsach.texts import _

LARGEST_YAML = 1 << 20
"""Real files of rules are a hundredth of it; a megabyte of dense YAML takes ten seconds."""

_DEEPEST = 50


def read_documents(text: str) -> list[Any] | str:
    """Return the documents of `text`, or why it is not read.

    Shapes: mappings, lists and strings; numbers, dates and empty values are strings, as written.
    """
    # Imported where it is used: few lists are YAML.
    import yaml

    class StrictLoader(yaml.BaseLoader):
        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError(_("it holds YAML aliases, as attacks do"))
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            if getattr(event, "tag", None) not in (None, "!"):
                raise yaml.YAMLError(_("it holds YAML tags, as attacks do"))
            self.depth += 1
            if self.depth > _DEEPEST:
                raise yaml.YAMLError(_("its YAML is nested too deep"))
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

    read = []
    try:
        loader = StrictLoader(text)
        while loader.check_data():  # type: ignore[no-untyped-call]
            read.append(loader.get_data())
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return " ".join(str(error).split())[:300]
    return read
