"""Another front end can use the services: they ask and notify through its own interface."""

from __future__ import annotations

import contextlib
import datetime as dt
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import attrs
import pytest

from afterword.errors import InputError
from afterword.importers.match_invitation import ImportAction
from afterword.services import input_files
from afterword.services.exports import ics_export
from afterword.services.exports.export_target import ExportOptions
from afterword.services.exports.forget_application import forget_application
from afterword.services.import_invitations import InvitationImporter
from afterword.services.input_files import InvitationHints
from afterword.services.run_context import RunContext, build_context
from afterword.services.workspace import Workspace, open_workspace

T = TypeVar("T")

NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
INVITATION = Path(__file__).parents[2] / "samples" / "invitation.eml"


@attrs.define
class Window:
    """A front end that records notices and questions; without answers nobody can be asked."""

    answers: list[str] = attrs.field(factory=list)
    notices: list[str] = attrs.field(factory=list)
    questions: list[str] = attrs.field(factory=list)

    def notify(self, message: str, /) -> None:
        self.notices.append(message)

    def can_ask(self) -> bool:
        return bool(self.answers)

    def ask(self, question: str, parse: Callable[[str], T], /) -> T:
        return parse(self.ask_text(question))

    def ask_text(self, question: str, /, *, default: str | None = None) -> str:
        self.questions.append(question)
        return self.answers.pop(0) or default or ""

    def ask_password(self, question: str, /) -> str:
        return self.ask_text(question)

    def confirm(self, question: str, /, *, default: bool) -> bool:
        return self.ask_text(question, default="y" if default else "n") == "y"

    def choose(self, question: str, choices: Sequence[str], /) -> int:
        return choices.index(self.ask_text(question, default=choices[0]))

    def open_page(self, url: str, /) -> None:
        self.notices.append(url)

    def track(self, items: Collection[T], doing: str, /) -> Iterator[T]:
        del doing
        return iter(items)

    @contextlib.contextmanager
    def progress(self, doing: str, /) -> Iterator[Callable[[int, int], None]]:
        del doing
        yield lambda _done, _total: None


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def context(
    tmp_path: Path, window: Window, machine_zone: Callable[[str | None], None]
) -> RunContext:
    machine_zone("Europe/Berlin")
    return build_context(now=NOW, zone=None, data=tmp_path / "data", ui=window)


def invite(workspace: Workspace, hints: InvitationHints) -> ImportAction:
    """Import the sample and return the action."""
    data = input_files.read_content(str(INVITATION))
    reading = input_files.read_invitations(str(INVITATION), data, hints, workspace.context)
    importer = InvitationImporter(workspace=workspace, hints=hints, panel=None)
    (result,) = importer.decide(reading)
    return importer.save(result).action


def test_the_zone_of_the_machine_is_notified(context: RunContext, window: Window) -> None:
    assert context.zone.key == "Europe/Berlin"
    assert ["Your time zone is Europe/Berlin" in notice for notice in window.notices] == [True]


def test_missing_values_of_an_invitation_are_asked_for(context: RunContext, window: Window) -> None:
    window.answers = ["", "Picture Editor"]

    assert invite(open_workspace(context), InvitationHints()) is ImportAction.ADDED

    assert [question.split()[0] for question in window.questions] == ["Company", "Role"]
    (application,) = open_workspace(context).applications()
    assert application.role == "Picture Editor"


def test_where_nobody_can_be_asked_the_error_names_the_option(context: RunContext) -> None:
    data = INVITATION.read_bytes().replace(b"Picture Editor", b"")
    reading = input_files.read_invitations("mail.eml", data, InvitationHints(), context)
    unguessed = attrs.evolve(
        reading, invitations=tuple(attrs.evolve(i, role=None) for i in reading.invitations)
    )
    importer = InvitationImporter(
        workspace=open_workspace(context), hints=InvitationHints(), panel=None
    )

    with pytest.raises(InputError, match="add --role"):
        importer.decide(unguessed)


def test_export_and_forget_return_their_results(context: RunContext, tmp_path: Path) -> None:
    workspace = open_workspace(context)
    invite(workspace, InvitationHints(company="Nordlicht", role="Editor"))
    (application,) = workspace.applications()
    path = tmp_path / "job-search.ics"

    first, again = (
        ics_export.export_to_file(
            path,
            [application],
            ExportOptions(complete=True, stored=frozenset({application.id})),
            context,
        )
        for _ in range(2)
    )
    remaining = forget_application(application, workspace)

    assert (first.added, first.changed, first.written) == (again.written, 0, first.written)
    assert (again.added, again.changed) == (0, 0)
    assert remaining.export_paths == (str(path),)
    assert workspace.applications() == []


def test_a_dry_run_saves_nothing(context: RunContext) -> None:
    workspace = open_workspace(context, dry_run=True)

    assert invite(workspace, InvitationHints(company="A", role="B")) is ImportAction.ADDED

    assert open_workspace(context).is_empty()


def test_no_service_imports_click_or_the_command_line() -> None:
    program = (
        "import importlib, pkgutil, sys, afterword.services as room\n"
        "for module in pkgutil.iter_modules(room.__path__, 'afterword.services.'):\n"
        "    importlib.import_module(module.name)\n"
        "sys.exit('click' in sys.modules or 'afterword.cli' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
