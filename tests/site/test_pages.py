"""Whatever is on the site: addresses are its own and lead somewhere, and pictures have words."""

import re
from functools import cache
from html import escape
from pathlib import Path

import nbformat
import pytest

from lessonlib.practice.course import STEPS
from lessonlib.site import edition, front
from lessonlib.site.command import PARTS
from lessonlib.site.tables import without_empty_headings
from lessonlib.words import Words
from tests.readme import readme_line

from .building import DECKS, PAGES, ROOT, Read, leads_to, read

WORDS = Words("site")


@pytest.mark.parametrize("page", PAGES)
def test_addresses_are_relative_and_lead_somewhere(site, page):
    place = site / page
    html = read(place)
    for address in html.addresses:
        if "lite/lab/index.html" in address:
            continue  # made beside these pages
        assert not re.match(r"[a-z]+:|/", address), address
        file, anchor = leads_to(place, address)
        assert file.is_file(), address
        assert site.resolve() in file.parents
        if anchor and not re.fullmatch(r"\d+", anchor):
            assert anchor in _ids(file), address


@cache
def _ids(file: Path) -> set[str | None]:
    return {attributes.get("id") for _, attributes in read(file).tags}


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_has_words(site, page):
    pictures = [attributes for tag, attributes in read(site / page).tags if tag == "img"]
    assert [picture for picture in pictures if not picture.get("alt")] == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_asked_for_elsewhere(site, page):
    html = (site / page).read_text("utf-8")
    asks = re.findall(r"""(?:src|srcset|action|poster)\s*=\s*["']?(https?:)?//""", html)
    asks += re.findall(r"<link[^>]+href=[\"']?(https?:)?//", html)
    assert asks == []


def test_scripts_and_stylesheets_name_no_other_place(site):
    for file in [*site.glob("*/*.js"), *site.glob("*/*.css")]:
        text = file.read_text("utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"https?://", text), file


def slides_of(html: str) -> list[str]:
    return re.findall(
        r'(?s)<section class="slide".*?</section>\n(?=<section class="slide"|</main>)', html
    )


@pytest.mark.parametrize("deck", DECKS)
def test_each_heading_has_its_slide(site, deck):
    name = Path(deck).stem
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    begins = [c for c in notebook.cells if c.metadata.get("slideshow", {}).get("slide_type")]
    headings = [re.match(r"#+ (.*)", cell.source)[1] for cell in begins]
    slides = slides_of((site / deck).read_text("utf-8"))
    shown = [re.search(r"(?s)<h[12]>(.*?)</h[12]>", slide)[1] for slide in slides]
    plain = [Read(heading).text for heading in shown]
    assert plain == [re.sub(r"[`*]", "", heading) for heading in headings]


def test_what_a_cell_printed_is_on_its_slide_as_text(site):
    printed = [(deck, text) for deck in DECKS for text in _printed(Path(deck).stem)]
    assert any(re.search(r"<\w+>", text) for _, text in printed)  # which could be taken as markup
    for deck, text in printed:
        assert " ".join(text.split()) in read(site / deck).text


def _printed(name: str) -> list[str]:
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    outputs = [each for cell in notebook.cells for each in cell.get("outputs", ())]
    return [each.text for each in outputs if each.output_type == "stream"]


def test_the_list_of_slides_names_each_deck(site):
    named = [
        a for a in read(site / "slides" / "index.html").all("a", "href") if a != "../index.html"
    ]
    assert named == [Path(deck).name for deck in DECKS]


def test_the_front_page_leads_to_all_ways_in(site):
    page = read(site / "index.html")
    assert [*page.all("a", "href")] == [
        "book/index.html",
        "lite/lab/index.html?path=notebooks/00_start_here.ipynb",
        "slides/index.html",
        "book/notebooks/glossary.html",
    ]
    assert [*page.all("div", "data-explorer")] == ["explore"]


def test_the_front_page_installs_as_readme_does(site):
    assert readme_line("open the course") in read(site / "index.html").text


def test_the_front_page_tells_how_much_the_edition_loads_if_it_is_there(tmp_path):
    front.build(ROOT, tmp_path)
    told = escape(WORDS("front.size", megabytes=41), quote=False)
    assert told[:20] not in (tmp_path / "index.html").read_text("utf-8")
    front.build(ROOT, tmp_path, 41)
    assert told in (tmp_path / "index.html").read_text("utf-8")


def test_what_the_site_puts_into_its_folder_is_what_it_asks_about_before(site):
    assert {*PARTS} - {edition.FOLDER} == {path.name for path in site.iterdir()}


def test_all_steps_are_in_the_pages():
    assert sum(page.startswith("book/") for page in PAGES) == len(STEPS) + 3


def test_headings_that_say_nothing_are_left_out():
    empty = "<thead>\n<tr>\n<th></th>\n<th></th>\n</tr>\n</thead>"
    assert without_empty_headings(f"<table>{empty}<tbody></tbody></table>") == (
        "<table><tbody></tbody></table>"
    )
    corner = "<thead><tr><th></th><th>position</th></tr></thead>"
    assert without_empty_headings(corner) == corner.replace("<th></th>", "<td></td>")
