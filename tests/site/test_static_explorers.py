"""The explorers of static pages do what those of notebooks do, by mouse, keyboard and reader."""

import json
import random
import statistics
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from lessonlib.site import strips
from lessonlib.views.explorers import attention, hiding, sentence, spans
from lessonlib.views.explorers.base import MOST_TOKENS
from lessonlib.samples import SENTENCE
from tests.site.strips_page import chromium, opened, served

pytestmark = pytest.mark.browser

MOVES = 160  # of each explorer
SENTENCES = [
    "a b c", "one two", "", "word", "same same same same", SENTENCE, SENTENCE * 2,
    "x <b>&amp; it's \"so\" [MASK] <extra_id_0>", "the cat sat on the mat and looked at us",
    " ".join(f"w{k}" for k in range(40)), " ".join("abcdefghijklmnopqrst"[:k] for k in range(1, 20)),
    "猫 が 🙂 います", "w " * MOST_TOKENS, "w " * (MOST_TOKENS + 1),
]  # fmt: skip
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LIGHT, DARK = "", ' data-jp-theme-light="false"'
COLOURS = """<style>[data-jp-theme-light=false] { background: #111; color: #eee;
--jp-content-font-color1: #eee; --jp-content-font-color2: #b0b0b0; --jp-border-color1: #555;
--jp-layout-color1: #111; --jp-brand-color1: #64b5f6 }</style>"""

# Reads an explorer as a person would find it: controls by name, views as they stand.
HELPERS = """<script>
window.place = (name) => document.querySelector(`[data-explorer=${name}]`);
window.control = (where, name) =>
  [...where.querySelectorAll("label")].find((each) => each.textContent === name).control;
const ends = (input) => [input.value, input.max].map(Number);
window.stands = (where) => {
  const said = {};
  for (const node of where.querySelectorAll(".lesson-body .widget-label")) {
    const inputs = [...node.parentNode.querySelectorAll("input, select")];
    const values = inputs.map((input) => (input.type === "range" ? Number(input.value) : input.value));
    const last = inputs[0].type === "range" ? Number(inputs[0].max) : null;
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
window.asRead = ({ views, rooms, note }) => ({ views: views.map(read), rooms: rooms.map(read), note });
window.move = (where, [name, value, end]) => {
  const row = [...where.querySelectorAll(".lesson-clickable")].find((one) => one.ariaLabel === name);
  if (row) return row.children[value].click();
  const label = [...where.querySelectorAll(".widget-label")].find((one) => one.textContent === name);
  const input = label.parentNode.querySelectorAll("input, select")[end ?? 0];
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
};
window.sweep = (name, steps) => {
  const where = place(name), seconds = [], wrong = [];
  for (const [nth, { move, stands: wanted, drawn: picture }] of steps.entries()) {
    const started = performance.now();
    if (move) window.move(where, move);
    const height = where.offsetHeight;
    seconds.push(performance.now() - started);
    const got = [stands(where), drawn(where)], right = [wanted, asRead(picture)];
    if (height && JSON.stringify(got) !== JSON.stringify(right)) wrong.push({ nth, move, got, right });
  }
  return { seconds, count: wrong.length, wrong: wrong.slice(0, 1) };
};
</script>"""


def page_with(names, theme=LIGHT):
    explorers = "".join(f"<h2>{name}</h2>{strips.placeholder(name)}" for name in names)
    return (
        f'<!doctype html><html lang="en"{theme}><head><meta charset="utf-8"><title>Explorers</title>'
        f'<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f"{COLOURS}{strips.head('strips')}{HELPERS}</head>"
        f"<body><main><h1>Explorers</h1>{explorers}</main></body></html>"
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explorers")
    strips.write(folder / "strips")
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        (folder / f"{name}.html").write_text(page_with(strips.EXPLORERS, theme), "utf-8")
    with served(folder) as home:
        yield home


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
        control.value = rng.choice(SENTENCES)
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


def steps_of(name, seed):
    rng, explorer = random.Random(seed), strips.EXPLORERS[name]()
    yield {"move": None, "stands": stands(explorer), "drawn": drawn(explorer)}
    for _ in range(MOVES):
        move = moved(explorer, rng)
        yield {"move": move, "stands": stands(explorer), "drawn": drawn(explorer)}


@pytest.mark.parametrize("name", strips.EXPLORERS)
def test_whatever_is_moved_all_stands_as_in_python(wide, name, record_property):
    fresh(wide)
    found = wide.evaluate("([name, steps]) => sweep(name, steps)", [name, list(steps_of(name, 19))])
    assert found["wrong"] == []
    median = statistics.median(found["seconds"])
    print(f"{name}: median {median:.1f} ms, slowest {max(found['seconds']):.0f} ms")
    assert median <= 3 * 25
