"""Data classes with late methods are as any others, and compile each method once."""

import dataclasses
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from quetsach.late_dataclasses import late_methods


def _plain() -> tuple[type, type]:
    @dataclass(frozen=True)
    class Base:
        x: int
        y: list[int] = field(default_factory=list)

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError(self.x)

    @dataclass(frozen=True)
    class Child(Base):
        z: int = 4

    return Base, Child


def _ordered() -> type:
    @dataclass(frozen=True, order=True, slots=True)
    class Ordered:
        x: int
        y: int = field(default=3, kw_only=True)

    return Ordered


def _of(make: Callable[[], Any]) -> tuple[Any, Any]:
    with late_methods():
        late = make()
    return late, make()


def _raised(act: Callable[[], object]) -> str:
    with pytest.raises((TypeError, ValueError, AttributeError)) as raised:
        act()
    return f"{type(raised.value).__name__}: {raised.value}"


def test_they_are_made_compared_and_shown_alike() -> None:
    for base, child in _of(_plain):
        one, other = base(1), base(1, [])
        assert one == other
        assert one != base(2)
        assert child(1) != one
        assert child(1, z=5).z == 5
        assert repr(one).endswith("Base(x=1, y=[])")
        assert repr(child(1)).endswith("Child(x=1, y=[], z=4)")
        assert base.__init__.__qualname__.endswith("Base.__init__")
        assert dataclasses.replace(one, x=3).x == 3
        assert _raised(lambda: base(-1)) == "ValueError: -1"  # noqa: B023
        assert "missing 1 required positional argument: 'x'" in _raised(base)
        assert "cannot assign to field 'x'" in _raised(lambda: setattr(one, "x", 2))  # noqa: B023
        assert "cannot delete field 'x'" in _raised(lambda: delattr(one, "x"))  # noqa: B023


def test_order_hash_and_slots_are_alike() -> None:
    late, plain = _of(_ordered)
    for ordered in (late, plain):
        assert ordered(1) < ordered(2)
        assert min(ordered(2), ordered(1, y=4), ordered(1)) == ordered(1)
        assert len({ordered(1), ordered(1), ordered(2)}) == 2
        assert not hasattr(ordered(1), "__dict__")
    assert hash(late(1)) == hash(plain(1))


def test_a_method_is_compiled_at_its_first_call_and_then_stands_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not hasattr(dataclasses, "_create_fn"):
        pytest.skip("this Python compiles them all at once")
    compiled: list[str] = []
    compiler = dataclasses._create_fn

    def told(name: str, *given: Any, **named: Any) -> Any:
        compiled.append(name)
        return compiler(name, *given, **named)

    monkeypatch.setattr(dataclasses, "_create_fn", told)
    with late_methods():
        base, child = _plain()
    assert compiled == []
    child(1), child(2)
    assert compiled == ["__init__"]
    assert base(1) == base(1)
    assert compiled == ["__init__", "__init__", "__eq__"]
    assert dataclasses._create_fn is told


def test_they_are_pickled_by_name() -> None:
    with late_methods():
        made: Any = dataclass(frozen=True)(type("Made", (), {"__annotations__": {"x": int}}))
    made.__module__, made.__qualname__ = __name__, "Made"
    sys.modules[__name__].Made = made  # type: ignore[attr-defined]  # to be found
    assert pickle.loads(pickle.dumps(made(1))) == made(1)
