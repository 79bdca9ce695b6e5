"""`afterword drafts`: show the texts that drafts are made from, and edit your own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample, GroupWithExample
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.user_programs import edit_in_editor, save_rejected_text
from afterword.errors import DraftError, UsageError
from afterword.messages import template_store, template_variables
from afterword.messages.template_store import TemplateKey
from afterword.messages.templates import MessageTemplate, template_errors
from afterword.services.date_format import reader_locale
from afterword.services.planned_events import templates_directory, user_templates
from afterword.services.run_context import RunContext
from afterword.system import atomic_files


class _TemplateName(click.ParamType[str]):
    """The name of a text."""

    name = "name"

    @property
    def completes(self) -> tuple[str, ...]:
        """The names of the texts that afterword has, for completion."""
        return tuple(map(str, template_store.shipped_keys()))


@click.group(
    "drafts",
    cls=GroupWithExample,
    invoke_without_command=True,
    example="""
    afterword drafts
    afterword drafts edit thank-you
    """,
)
@options.now_and_zone
@options.data
@click.pass_context
def drafts(
    ctx: click.Context,
    now: dt.datetime | None,
    zone: ZoneInfo | None,
    data: Path | None,
) -> None:
    """List the texts that drafts are made from, and write your own.

    A file of yours with the name of one of ours, in your settings folder, is
    used in its place. Without a command it lists the texts in your language.
    """
    if ctx.invoked_subcommand is None:
        _print_list(options.terminal_context(now, zone, data))


@drafts.command("list", cls=CommandWithExample, example="afterword drafts list")
@click.option("--all", "everything", is_flag=True, help="Also other versions, and other languages.")
@options.with_context
def list_texts(everything: bool, context: RunContext) -> None:
    """List the texts in your language; a * is before your own."""
    _print_list(context, everything=everything)


def _print_list(context: RunContext, *, everything: bool = False) -> None:
    own = user_templates(context)
    folder = template_store.template_folder(reader_locale(context))
    keys = tuple(template_store.shipped_keys())
    listed = [
        key
        for key in keys
        if everything or key in own or (key.folder == folder and not key.is_variant)
    ]
    for key in listed:
        echo(f"{'*' if key in own else ' '} {key}")
    if rest := len(keys) - len(listed):
        status(
            f"{rest:,} more, other versions of these and other languages:  "
            "afterword drafts list --all"
        )
    status(f"Your own texts are in {templates_directory(context)}")


@drafts.command("show", cls=CommandWithExample, example="afterword drafts show thank-you")
@click.argument("name", type=_TemplateName())
@click.option("--names", is_flag=True, help="Also list the variables that a text may use.")
@options.with_context
def show_text(name: str, names: bool, context: RunContext) -> None:
    """Print the text in use."""
    key = template_store.parse_template_name(name, reader_locale(context))
    echo(template_store.template_source(key, user_templates(context)).rstrip("\n"))
    if names:
        status("A text may use these variables:")
        for variable, meaning in template_variables.describe_variables().items():
            status(f"  {variable}: {meaning}")


@drafts.command("edit", cls=CommandWithExample, example="afterword drafts edit thank-you")
@click.argument("name", type=_TemplateName())
@options.with_context
def edit_text(name: str, context: RunContext) -> None:
    """Open a text in your editor; the saved text is used from then on."""
    key = template_store.parse_template_name(name, reader_locale(context))
    before = template_store.template_source(key, user_templates(context))
    path = template_store.user_template_path(templates_directory(context), key)
    after = edit_in_editor(before, path)
    if after is None or after == before:
        status("Nothing was changed.")
        return
    _check_template(key, path, after, context)
    atomic_files.make_directory(path.parent, private=True)
    atomic_files.write_atomically(path, [after.encode()], mode=atomic_files.PRIVATE)
    status(f"Saved as {path}.")


@drafts.command("reset", cls=CommandWithExample, example="afterword drafts reset thank-you")
@click.argument("name", type=_TemplateName())
@options.with_context
def reset_text(name: str, context: RunContext) -> None:
    """Delete your own text, so that ours is used again."""
    key = template_store.parse_template_name(name, reader_locale(context))
    path = template_store.user_template_path(templates_directory(context), key)
    if not path.exists():
        raise UsageError(f"you have no text of your own for {name}; the built-in one is used")
    atomic_files.remove(path)
    status(f"Removed {path}")


def _check_template(key: TemplateKey, path: Path, source: str, context: RunContext) -> None:
    text = MessageTemplate(filename=str(path), source=source, has_subject=key.channel == "email")
    errors = list(template_errors(text))
    if errors:
        saved = save_rejected_text(context.locations.state, path.name, source)
        raise DraftError(
            "the text has mistakes and is not used:", [*errors, f"your text is saved in {saved}"]
        )
