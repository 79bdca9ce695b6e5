"""Where facts, settings and machine state are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from afterword.config.locations import locate


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="XDG variables are Linux's")
def test_a_relative_xdg_variable_does_not_count(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("XDG_STATE_HOME", "")

    found = locate()

    assert found.settings == home / ".config" / "afterword" / "settings.toml"
    assert found.state == home / ".local" / "state" / "afterword"
    assert found.data == home / "xdg_data_home" / "afterword"


def test_a_directory_s_own_settings_win(home: Path, tmp_path: Path) -> None:
    directory = tmp_path / "clients"
    directory.mkdir()
    assert home in locate(directory).settings.parents

    (directory / "settings.toml").touch()
    assert locate(directory).settings == directory / "settings.toml"
    assert locate(directory).data == directory


def test_two_directories_have_machine_state_of_their_own(tmp_path: Path) -> None:
    usual, first, second = locate(), locate(tmp_path / "first"), locate(tmp_path / "second")

    assert len({usual.state, first.state, second.state}) == 3
    assert locate(tmp_path / "x" / ".." / "first").state == first.state
    assert tmp_path / "first" not in first.state.parents
