"""The index of the shipped dialects as it is made from them."""

import json
from collections.abc import Iterable, Iterator

import msgspec

from quetsach.formats.dialects.dialect import Dialect, LineSignature, Promise, load
from quetsach.formats.dialects.indexing import FOLDER, DialectEntry, DialectIndex
from quetsach.formats.dialects.patterns import best_literals, needed_literals
from quetsach.formats.shared.ecs_fields import WHO_IT_WAS

_BOTH: frozenset[Promise] = frozenset({"time", "client"})
_TIME: frozenset[Promise] = frozenset({"time"})
_NOTHING: frozenset[Promise] = frozenset()


def index_text() -> str:
    """Return the index of the shipped dialects, as it is written to its file.

    Errors: DialectError where a file of them is wrong.
    """
    loaded = [
        (load(path.read_text("utf-8"), path.name), path.name) for path in FOLDER.glob("*.toml")
    ]
    loaded.sort(key=lambda one: (one[0].order, one[0].name))
    entries = tuple(
        DialectEntry(
            dialect.name,
            file,
            dialect.order,
            dialect.kind == "json",
            literals_of(dialect.signature),
            keys_of(dialect.signature),
        )
        for dialect, file in loaded
    )
    promises = declared_promises(dialect for dialect, _file in loaded)
    index = DialectIndex(entries, {key: tuple(sorted(kept)) for key, kept in promises.items()})
    return (
        json.dumps(msgspec.to_builtins(index), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    )


def literals_of(signature: LineSignature) -> tuple[str, ...]:
    """Return texts of which one is in each layer of this signature; none where that is not sure."""
    sets = [frozenset({literal}) for literal in signature.all]
    if signature.any:
        sets.append(frozenset(signature.any))
    if signature.regex is not None:
        sets.append(needed_literals(signature.regex))
    return tuple(sorted(best_literals(sets)))


def keys_of(signature: LineSignature) -> tuple[str, ...]:
    """Return keys of which one is in each document of this signature: a path, or its first part."""
    for path in signature.keys[:1]:
        return tuple(dict.fromkeys((path, path.partition(".")[0])))
    return ()


def declared_promises(dialects: Iterable[Dialect]) -> dict[str, frozenset[Promise]]:
    """Return the promises by data set; where several forms write one, what all of them promise."""
    promised: dict[str, frozenset[Promise]] = {}
    for dataset, promises in _declared(dialects):
        promised[dataset] = promised.get(dataset, promises) & promises
    return promised


def _declared(dialects: Iterable[Dialect]) -> Iterator[tuple[str, frozenset[Promise]]]:
    for dialect in dialects:
        yield dialect.dataset, _of(dialect, dialect.type, dialect.fields)
        for variant in dialect.variants:
            if variant.dataset and variant.dataset != dialect.dataset:
                fields = {*dialect.fields, *variant.fields} - {*variant.drop}
                is_silent = variant.no_contact
                yield (
                    variant.dataset,
                    _NOTHING if is_silent else _of(dialect, variant.type or dialect.type, fields),
                )


def _of(dialect: Dialect, kind: str, fields: Iterable[str]) -> frozenset[Promise]:
    """Return what the file says; else a time, and a client where a field may hold one."""
    if dialect.promises is not None:
        return frozenset(dialect.promises)
    if kind == "info":
        return _NOTHING
    return _TIME if {*fields}.isdisjoint(WHO_IT_WAS) else _BOTH
