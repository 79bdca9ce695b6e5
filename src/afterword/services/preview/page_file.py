"""Write the page over an earlier page of afterword, but never over another file."""

from __future__ import annotations

from pathlib import Path

from afterword.page.page_html import is_our_page
from afterword.system import atomic_files


def write_page(path: Path, page: bytes, *, force: bool) -> None:
    """Write the page, new or over an earlier one.

    Raises WriteError, with the old content intact, if it cannot be written or, without `force`,
    if the file is not a page that afterword wrote.
    """
    atomic_files.write_atomically(path, [page], ours=None if force else is_our_page)
    atomic_files.remove_old_leftovers(path.parent, [path.name])
