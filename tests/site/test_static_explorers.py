"""The explorers of static pages do what those of notebooks do, by mouse, keyboard and reader."""

import os
import random
import statistics
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe

from lessonlib.samples import SENTENCE
from lessonlib.site import strips
from lessonlib.views.explorers import attention, hiding, sentence, spans
from lessonlib.views.explorers.base import MOST_TOKENS
from lessonlib.words import PSEUDO, SETTING
from lessonlib.words.pseudo import OPEN
from tests.browser.lab import ROOT
from tests.site.strips_page import chromium, opened, served

pytestmark = pytest.mark.browser

MOVES = 120  # of each explorer
SENTENCES = [
    "a b c", "one two", "", "word", "same same same same", SENTENCE, SENTENCE * 2,
    "x <b>&amp; it's \"so\" [MASK] <extra_id_0>", "the cat sat on the mat and looked at us",
    " ".join(f"w{k}" for k in range(40)), " ".join("long" * k for k in range(1, 20)),
    "猫 が 🙂 います", "w " * (MOST_TOKENS + 1),
]  # fmt: skip
LONGEST = "w " * MOST_TOKENS
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LIGHT, DARK = "", ' data-jp-theme-light="false"'
COLOURS = """<style>[data-jp-theme-light=false] { background: #111; color: #eee;
--jp-content-font-color1: #eee; --jp-content-font-color2: #b0b0b0; --jp-border-color1: #555;
--jp-layout-color1: #111; --jp-brand-color1: #64b5f6 }</style>"""

# Reads an explorer as a person would find it: controls by name, views as they stand.
HELPERS = """<script>
window.place = (name) => document.querySelector(`[data-explorer=${name}]`);
window.stands = (where) => {
  const said = {};
  for (const node of where.querySelectorAll(".lesson-body .widget-label")) {
    const inputs = [...node.parentNode.querySelectorAll("input, select")];
    const slides = inputs[0].type === "range";
    const values = inputs.map(({ value }) => (slides ? Number(value) : value));
    const last = slides ? Number(inputs[0].max) : null;
    said[node.textContent] = [inputs.length > 1 ? values : values[0], last, inputs[0].disabled];
  }
  for (const row of where.querySelectorAll(".lesson-clickable")) {
    const pressed = [...row.children].flatMap((one, k) => (one.ariaPressed === "true" ? [k] : []));
    said[row.ariaLabel] = [pressed, null, false];
  }
  return said;
};
const html = (nodes) => [...nodes].map((node) => node.innerHTML);
window.drawn = (where) => ({
  views: html(where.querySelectorAll(".lesson-stack > :not(.lesson-room) > div")),
  rooms: html(where.querySelectorAll(".lesson-room > div")),
  note: where.querySelector("[role=status]:not([hidden] *)")?.textContent ?? "",
});
const read = (text) => {
  const template = document.createElement("template");
  template.innerHTML = text;
  return template.innerHTML;
};
window.asRead = ({ views, rooms, note }) =>
  ({ views: views.map(read), rooms: rooms.map(read), note });
window.move = (where, [name, value, end]) => {
  const row = where.querySelector(".lesson-clickable");
  if (row?.ariaLabel === name) return row.children[value].click();
  const labels = [...where.querySelectorAll(".widget-label")];
  const label = labels.find((one) => one.textContent === name);
  const input = label.parentNode.querySelectorAll("input, select")[end ?? 0];
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
};
window.lines = (node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
};
window.sweep = (name, steps) => {
  const where = place(name), seconds = [], wrong = [];
  for (const [nth, { move, stands: wanted, drawn: picture }] of steps.entries()) {
    const started = performance.now();
    if (move) window.move(where, move);
    const height = where.offsetHeight;
    seconds.push(performance.now() - started);
    const got = [height > 0, stands(where), drawn(where)];
    const right = [true, wanted, asRead(picture)];
    if (JSON.stringify(got) !== JSON.stringify(right)) wrong.push({ nth, move, got, right });
  }
  return { seconds, count: wrong.length, wrong: wrong.slice(0, 1) };
};
</script>"""


def page_with(names, theme=LIGHT):
    explorers = "".join(f"<h2>{name}</h2>{strips.placeholder(name)}" for name in names)
    return (
        f'<!doctype html><html lang="en"{theme}><head><meta charset="utf-8">'
        '<title>Explorers</title><meta name="viewport" content="width=device-width">'
        '<link rel="icon" href="data:,">'
        f"{COLOURS}{strips.head('strips')}{HELPERS}</head>"
        f"<body><main><h1>Explorers</h1>{explorers}</main></body></html>"
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explorers")
    strips.write(folder / "strips")
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        (folder / f"{name}.html").write_text(page_with(strips.EXPLORERS, theme), "utf-8")
    another_language(folder)
    with served(folder) as home:
        yield home


def another_language(folder):
    """Write the page of the made language, and what Python's explorers show in it."""
    told = (
        "import json, sys; from pathlib import Path; from lessonlib.site import strips;"
        "from tests.site import test_static_explorers as here;"
        "folder = Path(sys.argv[1]); strips.write(folder / 'strips');"
        "(folder / 'index.html').write_text(here.page_with(strips.EXPLORERS), 'utf-8');"
        "steps = {name: list(here.steps_of(name, 7, 20)) for name in strips.EXPLORERS};"
        "(folder / 'steps.json').write_text(json.dumps(steps))"
    )
    (folder / PSEUDO).mkdir()
    command = [sys.executable, "-c", told, str(folder / PSEUDO)]
    subprocess.run(command, check=True, env={**os.environ, SETTING: PSEUDO}, cwd=ROOT)


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_at(browser, home):
    """Return what opens a page on which all explorers are alive."""

    def opened_at(window=WIDE, theme="light"):
        return opened(browser, f"{home}{theme}.html", viewport=window)

    return opened_at


@pytest.fixture(scope="module")
def wide(browser, home):
    with opened(browser, f"{home}light.html", viewport=WIDE) as page:
        yield page


def fresh(page):
    """Begin again with all explorers as they stand at first."""
    page.reload()
    page.wait_for_selector("[data-explorer].lesson-live")


def stands(explorer):
    """Return what Python's controls say, as a page is read."""
    return {
        control.description: [
            list(control.value) if isinstance(control.value, tuple) else control.value,
            getattr(control, "max", None),
            getattr(control, "disabled", False),
        ]
        for control in explorer.controls
    }


def drawn(explorer):
    has_note = explorer._unused is not None and explorer.note.layout.display != "none"
    return {
        "views": [view.value for view in explorer.views],
        "rooms": [room.value for room in explorer._rooms],
        "note": explorer.note.value if has_note else "",
    }


def moved(explorer, rng):
    """Move something as a page lets a learner move it; return how a page is asked for the same."""
    control = rng.choice(explorer.controls)
    name = control.description
    if hasattr(control, "options"):
        control.value = rng.choice(control.options)
        return [name, control.value]
    if hasattr(control, "tokens"):
        if not control.tokens:
            return None
        at = rng.randrange(len(control.tokens))
        control.value = sorted({*control.value} ^ {at})
        return [name, at]
    if not hasattr(control, "max"):
        square = any(hasattr(other, "options") for other in explorer.controls)
        control.value = rng.choice(SENTENCES if square else [*SENTENCES, LONGEST])
        return [name, control.value]
    if control.disabled:
        return None
    value = rng.randint(control.min, control.max)
    if not isinstance(control.value, tuple):
        control.value = value
        return [name, value]
    end = rng.randrange(2)
    slide(control, end, value)
    return [name, value, end]


def slide(control, end, aim):
    """Move an end as a handle goes: it does not pass the other, but may push it step by step."""
    for _ in range(control.max):
        start, last = control.value
        control.value = (start, max(aim, start)) if end else (min(aim, last), last)


def steps_of(name, seed, moves=MOVES):
    rng, explorer = random.Random(seed), strips.EXPLORERS[name]()
    yield {"move": None, "stands": stands(explorer), "drawn": drawn(explorer)}
    for _ in range(moves):
        move = moved(explorer, rng)
        yield {"move": move, "stands": stands(explorer), "drawn": drawn(explorer)}


@pytest.mark.parametrize("name", strips.EXPLORERS)
def test_whatever_is_moved_all_stands_as_in_python(wide, name):
    fresh(wide)
    found = wide.evaluate("([name, steps]) => sweep(name, steps)", [name, list(steps_of(name, 19))])
    assert found["wrong"] == []
    assert statistics.median(found["seconds"]) <= 75


def test_another_language_is_spoken_as_in_python(browser, home):
    with opened(browser, f"{home}{PSEUDO}/", viewport=WIDE) as page:
        steps = page.evaluate("async () => (await fetch('steps.json')).json()")
        assert f"{OPEN}Càûsàl LM" in page.locator("[data-explorer=explore]").inner_text()
        for name in strips.EXPLORERS:
            found = page.evaluate("([name, steps]) => sweep(name, steps)", [name, steps[name]])
            assert found["wrong"] == []


def is_drawn(page, name, *views):
    """Say whether the views of an explorer are these, as a page reads them."""
    found = page.evaluate("name => drawn(place(name)).views", name)
    read = page.evaluate("views => asRead({views, rooms: [], note: ''}).views", [*views])
    return found == read


def three(tokens, positions, span):
    return (
        sentence.causal_strip(tokens),
        sentence.masked_strip(tokens, positions),
        sentence.span_strip(tokens, *span),
    )


def focused(page):
    """Return what a screen reader calls the control that has the focus."""
    return page.evaluate(
        "document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.textContent"
    )


def slider(page, explorer, name):
    return page.locator(f"[data-explorer={explorer}]").get_by_role("slider", name=name, exact=True)


def typed(page, explorer, text):
    page.locator(f"[data-explorer={explorer}] input[type=text]").fill(text)


def test_every_control_has_its_name_and_its_turn(wide):
    fresh(wide)
    wide.locator("[data-explorer=explore] input[type=text]").focus()
    names = [focused(wide)]
    for _ in range(5):
        wide.keyboard.press("Tab")
        names.append(focused(wide))
    ends = ["span, start", "span, end"]
    assert names == ["sentence", "how many masks", "mask 1", "mask 2", *ends]
    wide.locator("[data-explorer=explore_attention] select").focus()
    wide.keyboard.press("Tab")
    assert focused(wide) == "looking position"
    wide.keyboard.press("Tab")  # the prefix length plays no part
    assert wide.evaluate("document.activeElement.tagName") == "BUTTON"


def test_the_keyboard_moves_masks_and_span(wide):
    fresh(wide)
    tokens = SENTENCE.split()
    slider(wide, "explore", "mask 1").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"):
        wide.keyboard.press(key)
    assert is_drawn(wide, "explore", *three(tokens, [6, 7], (2, 5)))
    slider(wide, "explore", "span, start").focus()
    wide.keyboard.press("End")
    assert is_drawn(wide, "explore", *three(tokens, [6, 7], (7, 8)))
    wide.keyboard.press("Tab")
    wide.keyboard.press("Home")
    assert is_drawn(wide, "explore", *three(tokens, [6, 7], (0, 1)))
    slider(wide, "explore", "how many masks").focus()
    wide.keyboard.press("Home")
    assert is_drawn(wide, "explore", *three(tokens, [], (0, 1)))
    assert slider(wide, "explore", "mask 1").count() == 0


def test_a_sentence_is_typed_and_every_letter_answered(wide):
    fresh(wide)
    box = wide.locator("[data-explorer=explore] input[type=text]")
    box.fill("")
    box.press_sequentially("<i>so it")
    assert is_drawn(wide, "explore", *three(["<i>so", "it"], [0, 1], (1, 2)))
    box.fill("word")
    assert wide.locator("[data-explorer=explore] .lesson-message:visible").count() == 1
    assert slider(wide, "explore", "span, start").is_disabled()
    box.fill(SENTENCE)
    assert is_drawn(wide, "explore", *three(SENTENCE.split(), [2, 5], (2, 5)))


def test_the_keyboard_chooses_an_architecture(wide):
    fresh(wide)
    tokens = SENTENCE.split()
    wide.locator("[data-explorer=explore_attention] select").focus()
    note = wide.locator("[data-explorer=explore_attention] [role=status]")
    assert "no prefix" in note.inner_text()
    wide.keyboard.press("ArrowDown")
    assert note.inner_text() == ""
    slider(wide, "explore_attention", "prefix length").focus()
    wide.keyboard.press("ArrowRight")
    wide.keyboard.press("Shift+Tab")
    wide.keyboard.press("Home")
    picture = attention.attention_picture(tokens, attention.PREFIX, 0, 4)
    assert is_drawn(wide, "explore_attention", picture)


def test_tokens_are_hidden_by_keyboard_and_by_mouse(wide):
    fresh(wide)
    tokens = SENTENCE.split()
    buttons = wide.locator("[data-explorer=explore_hiding] button")
    buttons.first.focus()
    wide.keyboard.press("Enter")
    wide.keyboard.press("Shift+ArrowRight")
    assert is_drawn(wide, "explore_hiding", hiding.hidden_strips(tokens, [0, 1, 2, 3, 5]))
    buttons.nth(7).hover()
    wide.mouse.down()
    for at in (6, 5, 4):
        buttons.nth(at).hover()
    wide.mouse.up()
    assert is_drawn(wide, "explore_hiding", hiding.hidden_strips(tokens, range(8)))
    pressed = wide.locator("[data-explorer=explore_blanks] button")
    pressed.nth(2).click()
    assert "Nothing is hidden" in wide.locator("[data-explorer=explore_blanks]").inner_text()


def press_at(page, track, share, to=None):
    """Press a slider at a share of its way; with `to`, drag from there."""
    box = track.bounding_box()
    reach = [box["x"] + 8 + (box["width"] - 16) * at for at in (share, to) if at is not None]
    height = box["y"] + box["height"] / 2
    page.mouse.move(reach[0], height)
    page.mouse.down()
    for x in reach[1:]:
        page.mouse.move(x, height, steps=8)
    page.mouse.up()


def test_the_mouse_drags_both_ends_also_where_they_meet(wide):
    fresh(wide)
    tokens = SENTENCE.split()
    explorer = wide.locator("[data-explorer=explore_spans]")
    explorer.scroll_into_view_if_needed()
    first, second = (explorer.locator(".lesson-track").nth(nth) for nth in range(2))
    press_at(wide, second, 7 / 8, 5 / 8)
    press_at(wide, first, 2 / 8, 1 / 8)  # now it is closed
    assert is_drawn(wide, "explore_spans", spans.spans_strips(tokens, (1, 1), (4, 5)))
    press_at(wide, first, 1 / 8, 3 / 8)
    assert is_drawn(wide, "explore_spans", spans.spans_strips(tokens, (1, 3), (4, 5)))
    press_at(wide, second, 5 / 8, 1)
    press_at(wide, second, 4 / 8, 1)
    press_at(wide, second, 1, 6 / 8)  # both lie at the right edge; one can still move
    assert is_drawn(wide, "explore_spans", spans.spans_strips(tokens, (1, 3), (6, 8)))
    press_at(wide, first, 0)  # on the line, the nearer end comes
    assert is_drawn(wide, "explore_spans", spans.spans_strips(tokens, (0, 3), (6, 8)))


def test_the_mouse_pushes_one_end_of_the_span_by_the_other(wide):
    fresh(wide)
    track = wide.locator("[data-explorer=explore] .lesson-track")
    track.scroll_into_view_if_needed()
    press_at(wide, track, 2 / 8, 1)
    assert is_drawn(wide, "explore", *three(SENTENCE.split(), [2, 5], (7, 8)))
    press_at(wide, track, 1, 0)
    assert is_drawn(wide, "explore", *three(SENTENCE.split(), [2, 5], (0, 1)))


def test_without_scripts_the_drawn_strips_stay(browser, home):
    views = [view.value for make in strips.EXPLORERS.values() for view in make().views]
    window = {"viewport": WIDE, "java_script_enabled": False}
    with opened(browser, f"{home}light.html", **window) as page:
        assert page.locator("[data-explorer] input").count() == 0
        shown = page.locator("[data-explorer] > :visible")
        assert shown.count() == sum(
            view.count("<section") + view.count("<p class") for view in views
        )
        assert "<extra_id_0>" in page.locator("[data-explorer=explore]").inner_text()


# What is wider than its place, and words that are broken though they are no longer than a column.
CUT_OFF = """() => [...document.querySelectorAll(
    "td, th, p, pre, button, label, select, input, caption, .widget-readout")]
  .filter(node => getComputedStyle(node).visibility === "visible" && node.getClientRects().length)
  .filter(node => !node.closest(".lesson-scrolls") && node.tagName !== "INPUT")
  .filter(node => node.scrollWidth > node.clientWidth + 1
    || node.getBoundingClientRect().right > innerWidth
    || (node.matches("td:is(.read, .asked, .marker)") && node.innerText.length <= 12
        && lines(node) > 1))
  .map(node => node.outerHTML.slice(0, 160))"""


@pytest.mark.parametrize("width", [390, 700, 1440])
def test_nothing_is_cut_off(open_at, width):
    with open_at({"width": width, "height": 900}) as page:
        for text in (
            SENTENCE,
            "unbelievable documentation <extra_id_0> of understanding",
            "a " * 60,
        ):
            for name in ("explore", "explore_attention", "explore_hiding", "explore_spans"):
                typed(page, name, text)
            slider(page, "explore", "how many masks").press("End")
            page.locator("[data-explorer=explore_attention] select").select_option(attention.BOTH)
            assert page.evaluate(CUT_OFF) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_strips_are_drawn_anew_when_the_window_changes(open_at):
    columns = "place('explore').querySelector('table').style.getPropertyValue('--n')"
    with open_at(WIDE) as page:
        assert page.evaluate(columns) == "7"
        page.set_viewport_size(NARROW)
        page.wait_for_function(f"{columns} === '3'")
        page.set_viewport_size(WIDE)
        page.wait_for_function(f"{columns} === '7'")


@pytest.mark.parametrize("width", [390, 700, 886])
def test_python_values_are_folded_away_on_a_small_page(open_at, width):
    with open_at({"width": width, "height": 900}) as page:
        values = page.locator("[data-explorer=explore] pre").first
        assert not values.is_visible()
        page.get_by_role("checkbox", name="Python values").press("Space")
        assert values.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(open_at, theme, window):
    with open_at(window, theme) as page:
        assert Axe().run(page).response["violations"] == []
        typed(page, "explore", "word")
        typed(page, "explore_attention", "a " * 40)
        assert Axe().run(page).response["violations"] == []


def test_each_step_of_a_slider_is_answered_at_once(wide, capsys):
    """Within 25 ms; three times that where all cores are busy."""
    fresh(wide)
    walk = [["mask 1", k % 6] for k in range(40)] + [["span", k % 5, 0] for k in range(40)]
    seconds = wide.evaluate(
        """walk => walk.map(step => {
            const started = performance.now(), where = place("explore");
            move(where, step);
            return where.offsetHeight && performance.now() - started;
        })""",
        walk,
    )
    with capsys.disabled():
        print(f" {statistics.median(seconds):.1f} ms, the slowest {max(seconds):.1f} ms ")
    assert statistics.median(seconds) <= 75
