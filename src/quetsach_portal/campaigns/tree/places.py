"""Where each node stood in a phase: a node that moved kept its old place in the phases before."""

from collections.abc import Iterable, Mapping

Step = tuple[int | None, int, int | None]


class Places:
    """The nodes above each node, by phase.

    Shapes: `paths` are those of today, from the root to the node itself; `history` has (first phase
    in the new place, node, old parent), the latest move first.
    """

    def __init__(self, paths: Mapping[int, list[int]], history: Iterable[Step]) -> None:
        self._paths = paths
        self._history = list(history)
        self._parents: dict[int, dict[int, int | None]] = {}

    def of(self, phase: int, node: int) -> list[int]:
        """Return the nodes from `node` up to its root, as they stood in the phase `phase`."""
        if not self._history:
            return self._paths[node]
        parents = self._parents.get(phase)
        if parents is None:
            parents = {
                one: path[-2] if len(path) > 1 else None for one, path in self._paths.items()
            }
            for since, moved, old in self._history:
                if since is None or phase < since:
                    parents[moved] = old
            self._parents[phase] = parents
        found = [node]
        while (above := parents[found[-1]]) is not None:
            found.append(above)
        return found
