"""The parts of the recipes for Windows and macOS that can be tried on any system."""

from __future__ import annotations

from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture(autouse=True)
def _packaging_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))


def test_deep_licence_texts_are_collected_and_taken_away(tmp_path: Path) -> None:
    from installers.licences import of_python_packages, take_away_originals

    told = tmp_path / "torch-2.0.dist-info"
    text = told / "licenses" / "third_party" / "one" / "third_party" / "two" / "LICENSE"
    text.parent.mkdir(parents=True)
    text.write_text("Do as you like.")
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 2.0\n")
    (told / "RECORD").write_text(f"{text.relative_to(tmp_path)},,\n")
    found = of_python_packages(tmp_path, tmp_path / "texts")
    take_away_originals(tmp_path)
    assert [(tmp_path / "texts" / name).read_text() for name in found[0].files] == [
        "Do as you like."
    ]
    assert not (told / "licenses").exists()
    assert (told / "METADATA").exists()


def test_a_path_too_long_for_windows_ends_the_build(tmp_path: Path) -> None:
    from installers.setup_program import LONGEST, check_lengths

    (tmp_path / ("a" * LONGEST)).touch()
    check_lengths(tmp_path)
    deep = tmp_path / "folder" / ("a" * (LONGEST - 6))
    deep.parent.mkdir()
    deep.touch()
    with pytest.raises(SystemExit, match=r"folder.*is longer than"):
        check_lengths(tmp_path)
