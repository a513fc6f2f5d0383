"""The list of what a download holds, and the comparison of two such lists.

A line for each file: hash, size, path. Two builds of one commit must agree in the paths, and in
the hashes of the project's own files: its sources, resources and descriptions.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

# Below these, everything comes from this repository.
OWN = (
    "_internal/explorer/", "_internal/resources/icons/", "_internal/resources/fonts/",
    "_internal/resources/lessons/", "_internal/resources/themes/",
    "_internal/resources/licences/components.json", "share/applications/", "share/metainfo/",
    "share/man/", "share/doc/", "share/icons/",
)  # fmt: skip


def listed(root: Path) -> str:
    """Hash, size and path of every file below a folder; a link stands with where it leads."""
    lines = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_symlink():
            lines.append(f"{'link':64} {0:12} {name} -> {path.readlink()}\n")
        elif path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{digest} {path.stat().st_size:12} {name}\n")
    return "".join(lines)


def others_that_differ(first: str, second: str) -> list[str]:
    """The files of other people that have other bytes in two builds; each is allowed to."""
    one, two = _by_path(first), _by_path(second)
    return [
        path
        for path in sorted(one.keys() & two.keys())
        if one[path] != two[path] and not any(own in path for own in OWN)
    ]


def differences(first: str, second: str) -> list[str]:
    """What keeps two lists from being those of one commit; nothing when all is well."""
    one, two = _by_path(first), _by_path(second)
    found = [f"only in the first: {path}" for path in sorted(one.keys() - two.keys())]
    found += [f"only in the second: {path}" for path in sorted(two.keys() - one.keys())]
    for path in sorted(one.keys() & two.keys()):
        if one[path] != two[path] and any(own in path for own in OWN):
            found.append(f"differs: {path}")
    return found


def _by_path(text: str) -> dict[str, str]:
    """Path -> hash and size."""
    return {line[78:]: line[:77] for line in text.splitlines()}
