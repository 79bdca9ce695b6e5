"""Decorators that hand a command the workspace, an application, or those of a client."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from afterword.cli.ui import options
from afterword.cli.ui.output import status

if TYPE_CHECKING:
    from afterword.domain.planning.plan import Plan
    from afterword.services.run_context import RunContext
    from afterword.services.workspace import Workspace

R = TypeVar("R")


def with_workspace(command: Callable[..., R]) -> Callable[..., R]:
    """Add --now, --zone and --data, and hand the command the `workspace` that they name."""

    @options.with_context
    @functools.wraps(command)
    def call_with_workspace(*args: Any, context: RunContext, **kwargs: Any) -> R:
        from afterword.services.workspace import open_workspace

        return command(*args, workspace=open_workspace(context), **kwargs)

    return call_with_workspace


def with_application(command: Callable[..., R]) -> Callable[..., R]:
    """Add APP, and hand the command its `workspace` and `application`."""

    @click.argument("app", type=options.APP)
    @with_workspace
    @functools.wraps(command)
    def call_with_application(*args: Any, app: str, workspace: Workspace, **kwargs: Any) -> R:
        return command(
            *args, workspace=workspace, application=workspace.find_application(app), **kwargs
        )

    return call_with_application


def log_command(on: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Add APP, --on and --dry-run to a command that logs something; `on` is the meaning of --on."""

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @click.argument("app", type=options.APP)
        @click.option("--on", metavar="WHEN", help=f"{on}: {options.ON_EXAMPLES}.  [default: now]")
        @click.option("--dry-run", is_flag=True, help="Show what would change; save nothing.")
        @options.with_context
        @functools.wraps(command)
        def call_with_application(
            *args: Any, app: str, context: RunContext, dry_run: bool, **kwargs: Any
        ) -> R:
            from afterword.services.workspace import open_workspace

            workspace = open_workspace(context, dry_run=dry_run)
            result = command(
                *args, workspace=workspace, application=workspace.find_application(app), **kwargs
            )
            # Only now, because a command that fails says enough by its error.
            if dry_run:
                status("Dry run: nothing was changed.")
            return result

        return call_with_application

    return decorate


def client_option(command: Callable[..., R]) -> Callable[..., Any]:
    """Add --client."""
    return click.option(
        "--client", metavar="NAME", help="Only the applications of this client; a part will do."
    )(command)


def plans_of_client(plans: Sequence[Plan], client: str | None) -> list[Plan]:
    """Return the plans of clients whose name has the text. Raises UsageError if nobody has it."""
    if client is None:
        return list(plans)
    from afterword.domain.applications import client_name
    from afterword.domain.search_text import contains, natural_key
    from afterword.errors import UsageError

    of_client = [p for p in plans if contains(client_name(p.application) or "", client)]
    if not of_client:
        clients = {client_name(p.application) or "" for p in plans} - {""}
        names = sorted(clients, key=natural_key)
        if not names:
            raise UsageError(
                f"no client has {client!r} in the name: no application belongs to a client. "
                "An imported table names the clients in a column 'applicant'"
            )
        raise UsageError(f"no client has {client!r} in the name; there are: {', '.join(names)}")
    return of_client
