"""No module imports itself by way of others, deferred imports counted."""

from __future__ import annotations

from tests.house.imports import all_imports


def imports_by_module() -> dict[str, set[str]]:
    """Own modules only; what is imported for type checkers alone never runs and does not count."""
    graph: dict[str, set[str]] = {}
    for found in all_imports():
        targets = graph.setdefault(found.importer, set())
        own = found.imported.startswith("explorer.") and found.imported != found.importer
        if own and not found.for_types_only:
            targets.add(found.imported)
    return graph


def first_cycle(graph: dict[str, set[str]]) -> list[str]:
    """Modules along a cycle, the first one repeated at the end; empty when there is none."""
    finished: set[str] = set()
    for start in sorted(graph):
        path: list[str] = []
        todo = [(start, iter(sorted(graph[start])))] if start not in finished else []
        path.extend(name for name, _ in todo)
        while todo:
            name, rest = todo[-1]
            following = next((n for n in rest if n not in finished), None)
            if following is None:
                finished.add(name)
                todo.pop()
                path.pop()
            elif following in path:
                return [*path[path.index(following) :], following]
            else:
                path.append(following)
                todo.append((following, iter(sorted(graph.get(following, set())))))
    return []


def test_no_import_cycles() -> None:
    cycle = first_cycle(imports_by_module())
    assert not cycle, " -> ".join(cycle)


def test_a_cycle_would_be_found() -> None:
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": set(), "d": {"b"}}
    assert first_cycle(graph) == ["b", "d", "b"]
    assert first_cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
