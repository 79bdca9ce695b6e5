"""Locations of application files, settings and state."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from afterword.settings.paths import find_locations


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="XDG variables are Linux's")
def test_a_relative_xdg_variable_does_not_count(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("XDG_STATE_HOME", "")

    locations = find_locations()

    assert locations.settings == home / ".config" / "afterword" / "settings.toml"
    assert locations.state == home / ".local" / "state" / "afterword"
    assert locations.data == home / "data" / "afterword"


def test_a_directory_s_own_settings_win(home: Path, tmp_path: Path) -> None:
    directory = tmp_path / "clients"
    directory.mkdir()
    assert home in find_locations(directory).settings.parents

    (directory / "settings.toml").touch()
    assert find_locations(directory).settings == directory / "settings.toml"
    assert find_locations(directory).data == directory


def test_two_directories_have_machine_state_of_their_own(tmp_path: Path) -> None:
    usual, first, second = (
        find_locations(),
        find_locations(tmp_path / "first"),
        find_locations(tmp_path / "second"),
    )

    assert len({usual.state, first.state, second.state}) == 3
    assert find_locations(tmp_path / "x" / ".." / "first").state == first.state
    assert tmp_path / "first" not in first.state.parents
