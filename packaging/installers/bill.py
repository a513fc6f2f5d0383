"""The software bill of materials of a download, as CycloneDX 1.5.

Layout after https://cyclonedx.org/docs/1.5/json/. Number and time come from the build alone, so
that two builds of one commit write the same bill.
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from pathlib import Path
from typing import Any

from installers.licences import Component
from installers.project import NAME, Build, source_date, version

# Names of licences as the SPDX list writes them; other words stand as free text.
_SPDX = re.compile(r"^[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*$")
_CLASSIFIERS = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def write(build: Build, components: list[Component], target: Path) -> None:
    """Write the bill of a build."""
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": "urn:uuid:" + str(_number(build, components)),
        "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(source_date(), datetime.UTC).isoformat(),
            "component": {
                "type": "application",
                "bom-ref": build.package,
                "name": build.package,
                "version": version(),
                "licenses": [{"license": {"id": "MIT"}}],
                "purl": f"pkg:generic/{NAME}@{version()}",
            },
        },
        "components": [_entry(component) for component in components],
    }
    target.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _number(build: Build, components: list[Component]) -> uuid.UUID:
    parts = [build.package, version(), *(component.purl for component in components)]
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(parts))


def _entry(component: Component) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": "library",
        "bom-ref": component.purl,
        "name": component.name,
        "purl": component.purl,
        "licenses": [_licence(component.licence)],
    }
    if component.version:
        entry["version"] = component.version
    if component.source:
        entry["externalReferences"] = [{"type": "website", "url": component.source}]
    return entry


def _licence(words: str) -> dict[str, Any]:
    known = _CLASSIFIERS.get(words, words)
    if not _SPDX.match(known):
        return {"license": {"name": known}}
    if " " in known:
        return {"expression": known}
    return {"license": {"id": known}}
