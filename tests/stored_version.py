"""A version of a warehouse as its commit file and its manifests state it, each manifest checked by its hash.

    from stored_version import read_version
    read_version(Path("warehouse"), 12)["landings"]
"""

import hashlib
import json
from pathlib import Path


def read_version(warehouse: Path, number: int) -> dict:
    """What the commit of a version holds, with its tables by name, its books and its issues."""
    return whole(warehouse, json.loads((warehouse / "versions" / f"{number:010}.json").read_text(encoding="utf-8")))


def whole(warehouse: Path, commit: dict) -> dict:
    """What a commit file holds, with what its manifests hold; an earlier program wrote all of it into the one file."""
    version = dict(commit["version"])
    manifests = version.pop("manifests", None)
    if manifests is None:
        return {"issues": [], **version}
    packs: dict = {}

    def entry(pack: str, sha256: str):
        if pack not in packs:
            path = warehouse / "manifests" / f"{pack}.json"
            packs[pack] = json.loads(path.read_text(encoding="utf-8"))["entries"]
        text = json.dumps(packs[pack][sha256], ensure_ascii=False, separators=(",", ":"))
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            raise ValueError(f"the manifest {sha256} in {pack} is not what was written")
        return packs[pack][sha256]

    def listed(at: dict) -> list:
        groups = entry(at["pack"], at["sha256"])["groups"].values()
        return [one for group in groups for one in entry(group.get("pack", at["pack"]), group["sha256"])]

    landings = [landing for at in manifests["landings"].values() for landing in listed(at)]
    issues = listed(manifests["issues"]) if "issues" in manifests else []
    return {
        **version,
        "tables": {name: entry(at["pack"], at["sha256"]) for name, at in manifests["tables"].items()},
        "landings": sorted(landings, key=lambda it: (it["extract"]["source"], Path(it["extract"]["file"]).parts)),
        "issues": sorted(issues, key=lambda it: (it["report"], it["period"])),
    }
