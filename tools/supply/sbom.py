"""The bill of materials of a build as CycloneDX 1.6 JSON: the same bytes for the same parts."""

import json
import uuid
from collections.abc import Mapping, Sequence

from tools.supply.parts import BuildPart

_SPACE = uuid.UUID("6f6e8f5c-3c0f-5d7e-9a44-6a9f0c0b7a10")
"""Ours alone: the serial number of a bill is the digest of what it says."""


def bill(name: str, version: str, parts: Sequence[BuildPart], needs: Sequence[str]) -> str:
    """Return the bill of one build, called `name`, that asks by itself for `needs`.

    Shapes: `needs` and those of the parts are names, or name@version where one name has several
    versions. A need that is no part of the build is left out.
    """
    root = {
        "type": "application",
        "bom-ref": f"pkg:{parts[0].ecosystem}/{name}@{version}",
        "name": name,
        "version": version,
        "licenses": [{"expression": "Apache-2.0"}],
    }
    by_name = {
        key: part.purl for part in parts for key in (part.name, f"{part.name}@{part.version}")
    }
    content: dict[str, object] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root},
        "components": [_component(part) for part in parts],
        "dependencies": [
            _links(str(root["bom-ref"]), needs, by_name),
            *(_links(part.purl, part.needs, by_name) for part in parts),
        ],
    }
    serial = uuid.uuid5(_SPACE, json.dumps(content, sort_keys=True))
    return json.dumps({**content, "serialNumber": f"urn:uuid:{serial}"}, indent=1) + "\n"


def _component(part: BuildPart) -> dict[str, object]:
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "scope": "required" if part.runs else "excluded",
        "licenses": [{"expression": part.licence}],
    }
    references: list[dict[str, object]] = []
    if part.page:
        references.append({"type": "website", "url": part.page})
    digests = [{"alg": "SHA-256", "content": digest} for digest in part.digests]
    if part.ecosystem == "cargo" and digests:
        component["hashes"] = digests
    elif digests:
        # A package has a file for each system: pip takes any one of these, and no other.
        references.append({"type": "distribution", "url": part.purl, "hashes": digests})
    if references:
        component["externalReferences"] = references
    if part.read_from:
        component["properties"] = [
            {"name": "quetsach:licence-and-needs-as-of-version", "value": part.read_from}
        ]
    return component


def _links(ref: str, needs: Sequence[str], by_name: Mapping[str, str]) -> dict[str, object]:
    return {"ref": ref, "dependsOn": sorted({by_name[need] for need in needs if need in by_name})}
