"""What the wheel carries beside the Python files: the command, bundled, and the second checker."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REPOSITORY = Path(__file__).resolve().parent.parent


class Bundle(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            raise RuntimeError("an editable install has no place for the command: pip install python/")
        if not (REPOSITORY / "dist/src/commands/main.js").is_file():
            raise RuntimeError("dist/ is missing: npm ci in the repository builds it")
        self.bundle = tempfile.mkdtemp()
        node = os.environ.get("DICTUM_NODE") or shutil.which("node") or "node"
        subprocess.run([node, str(REPOSITORY / "python/bundle.mjs"), self.bundle], check=True)
        included = build_data["force_include"]
        included[self.bundle] = "dictum_sdl/_command"
        for name in ("dictum_check.py", "dictum_landings.py"):
            included[str(REPOSITORY / "verify" / name)] = f"dictum_sdl/verify/{name}"
        build_data["force_include"][str(REPOSITORY / "LICENSE")] = "dictum_sdl/LICENSE"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        shutil.rmtree(self.bundle)
