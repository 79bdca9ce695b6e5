"""Put the manual pages into the wheel; hatchling runs this."""

from __future__ import annotations

import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_EDITABLE = "editable"


class ManPages(BuildHookInterface[Any]):
    """Makes the pages in a directory of their own while the wheel is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the pages to the files that are installed beside the package."""
        if version == _EDITABLE:
            return
        self._directory = tempfile.TemporaryDirectory()
        write = runpy.run_path(str(Path(self.root, ".ci/man_pages.py")))["write_man_pages"]
        for page in write(Path(self._directory.name), self.metadata.version):
            build_data["shared_data"][str(page)] = f"share/man/man1/{page.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the directory."""
        del build_data, artifact_path
        if version != _EDITABLE:
            self._directory.cleanup()
