"""The page on editors shows what the editors' own pages show, which the tests run."""

import re
from pathlib import Path

import pytest

from tests.editors.shipped import FOLDER, shown_in

DOCS = FOLDER.parent / "docs"
PAGE = (DOCS / "editors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PAGES = [path.relative_to(FOLDER).as_posix() for path in sorted(FOLDER.glob("*/README.md"))]


def test_every_block_stands_on_the_page_of_its_editor() -> None:
    known = {block for page in PAGES for block in shown_in(page)}
    assert len(BLOCKS) >= 3
    assert [block for block in BLOCKS if block not in known] == []


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", PAGE))
def test_every_link_and_picture_leads_somewhere(link: str) -> None:
    assert (DOCS / link).resolve().exists()


def test_every_editor_has_a_section() -> None:
    sections = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    folders = {Path(page).parts[0] for page in PAGES}
    assert len(sections) - 1 >= len(folders - {"coc"})
