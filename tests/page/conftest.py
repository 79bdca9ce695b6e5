"""A real browser, and pages of `afterword preview` in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from tests.running import Run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
WEEK = ROOT / "samples" / "week.toml"
NOW = "2026-11-24T18:00:00+02:00"
ZONE = "Africa/Johannesburg"
MOMENT = ("--now", NOW, "--zone", ZONE)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LOCAL = ("file:", "data:", "blob:")


@attrs.define
class Opened:
    """A page in the browser, with all that it complained about and asked for."""

    page: Page
    problems: list[str] = attrs.field(factory=list)
    requests: list[str] = attrs.field(factory=list)

    def unfold(self) -> None:
        """Open all that is folded."""
        self.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

    def texts(self, selector: str) -> list[str]:
        """Return the visible texts of elements."""
        found = self.page.locator(selector).all()
        return [each.inner_text() for each in found if each.is_visible()]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; skip where it or the library that drives it is missing."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="no playwright: pip install -e '.[browser]'"
    )
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no browser: apt-get install chromium")
    with sync_api.sync_playwright() as driver:
        # Chromium's own sandbox does not start as root, as in most containers.
        started = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@attrs.define
class Previewer:
    """Makes pages by the command, and opens them: `look(path, width=390)`."""

    run: Run
    browser: Browser
    folder: Path
    contexts: list[BrowserContext] = attrs.field(factory=list)

    def write(self, *args: object, moment: tuple[str, ...] = MOMENT) -> Path:
        """Return the path of the page that the command writes."""
        path = self.folder / "page.html"
        result = self.run("preview", *args, "-o", path, *moment)
        assert result.code == 0, result.stderr
        return path

    def look(self, *args: object, width: int = 1280, **options: Any) -> Opened:
        """Open the page of these files, at the moment at which it was made."""
        return self.open(self.write(*(args or (WEEK,))), width=width, **options)

    def open(self, path: Path, *, width: int = 1280, **options: Any) -> Opened:
        """Open a page."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened = Opened(context.new_page())
        page = opened.page
        page.clock.set_fixed_time(NOW)
        page.on("console", lambda message: opened.problems.append(message.text))
        page.on("pageerror", lambda error: opened.problems.append(str(error)))
        page.on("dialog", lambda dialog: opened.problems.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: opened.requests.append(request.url))
        page.goto(path.as_uri())
        return opened


@pytest.fixture
def previewer(run: Run, browser: Browser, tmp_path: Path) -> Iterator[Previewer]:
    """Return what makes and opens pages; nothing may leave them, and no error may show."""
    made = Previewer(run, browser, tmp_path)
    yield made
    for context in made.contexts:
        context.close()


def axe_source() -> str:
    """Return the source of axe-core; skip where npm has not installed it."""
    folders = [Path("/usr/lib/node_modules"), Path("/usr/local/lib/node_modules")]
    folders += [parent / "node_modules" for parent in ROOT.parents] + [ROOT / "node_modules"]
    for folder in folders:
        source = folder / "axe-core" / "axe.min.js"
        if source.is_file():
            return source.read_text("utf-8")
    pytest.skip("no axe-core: npm install -g axe-core")
