"""The scripts build and draw what Python builds and draws: random cases, in Chromium."""

import json
import random
import unicodedata
from functools import cache

import pytest

from lessonlib.samples import MASK, MODE, causal, masked, prefix_lm, span_corruption, text_infilling
from lessonlib.samples.special import END, START, sentinel
from lessonlib.site import strips
from lessonlib.views.explorers import attention, hiding, sentence, spans
from lessonlib.views.strips import strip
from tests.site.strips_page import chromium, opened, served

pytestmark = pytest.mark.browser

COUNT = 3000
BUILDERS = {
    build.__name__: build for build in (causal, masked, prefix_lm, span_corruption, text_infilling)
}
# What is drawn and cut besides samples: Python's function, and the script and its function.
OTHERS = {
    "cut": (str.split, "words.js", "cut"),
    "repr": (repr, "words.js", "repr"),
    "spans_of": (hiding.spans_of, "core.js", "spansOf"),
    "causal_strip": (sentence.causal_strip, "sentence.js", "causalStrip"),
    "masked_strip": (sentence.masked_strip, "sentence.js", "maskedStrip"),
    "span_strip": (
        lambda tokens, span: sentence.span_strip(tokens, *span),
        "sentence.js",
        "spanStrip",
    ),
    "prefix_strip": (spans.prefix_strip, "prefix.js", "prefixStrips"),
    "spans_strips": (spans.spans_strips, "spans.js", "spansStrips"),
    "attention_picture": (attention.attention_picture, "attention.js", "attentionPicture"),
}
LOOKS = (attention.DECODER, attention.PREFIX, attention.ENCODER, attention.BOTH)

ORDINARY = "transformer models learn patterns from large text corpora the cat sat on a mat".split()
ODD = [
    "<b>", "&amp;", '"', "'", "it's", "\"'\"", "\\n", "a|b", "{slot}", "${x}", "$&", "é", "猫",
    "🙂", "👩‍👩‍👧", "a\u0301", "Straße", "مرحبا", "x" * 13, "y" * 40, "z" * 90, "\u200b", "\xa0",
    "", " ", "two words", "\n", "\t\n\r" * 20, "__proto__", "constructor", "None", "0",
    "\U0010ffff", "<extra_id_00>", "<extra_id_>", "<extra_id_-1>", "<extra_id_0>x",
    "<extra_id_১>", "[mask]",
]  # fmt: skip
MARKERS = [MASK, START, END, *MODE.values(), *map(sentinel, (0, 1, 2, 10, 123))]
WRONG = [None, True, 1.5, "a", "", -1, 999, [], [1], [0, 1], [[0]], [0, 0], ["a", "b", 3]]
LONG = ["z" * 100, "\n" * 45, "é\x00" * 30, "猫" * 81, ["ab" * 60], [[["'" * 90, 7]]], ["y"] * 13]


def letter(rng):
    """Draw a letter of which Python and the browser think alike, however old they are."""
    while True:
        found = chr(
            rng.choice([rng.randrange(0x180), rng.randrange(0x3000), rng.randrange(0x2A000)])
        )
        if unicodedata.ucd_3_2_0.category(found) not in ("Cn", "Cs"):
            return found


def word(rng):
    kind = rng.random()
    if kind < 0.55:
        return rng.choice(ORDINARY)
    if kind < 0.75:
        return rng.choice(ODD)
    if kind < 0.85:
        return rng.choice(MARKERS)
    return "".join(letter(rng) for _ in range(rng.choice([1, 2, 5, 12, 25])))


def text(rng, least=2):
    length = rng.choice([*range(least, 14), *range(least, 14), 31])
    if rng.random() < 0.02:
        length = 200
    words = [word(rng) for _ in range(length)]
    return words if rng.random() < 0.9 else [rng.choice(words or ["a"])] * length


def positions(rng, count, most=8):
    return rng.sample(range(count), rng.randint(0, min(count, most)))


def spans_in(rng, count, empty=False):
    bounds = sorted(rng.choices(range(count + 1), k=2 * rng.randint(0, 4)))
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return [[start, end] for start, end in pairs if start < end or empty]


def arguments(rng, name):
    """Draw what a builder can be asked."""
    tokens = text(rng, least=1 if name in ("masked", "span_corruption", "text_infilling") else 2)
    count = len(tokens)
    if name == "masked":
        return [tokens, positions(rng, count, most=count)]
    if name == "prefix_lm":
        shape = rng.choice([[], ["decoder-only"], ["encoder-decoder"]])
        return [tokens, rng.randint(1, count - 1), *shape]
    if name == "causal":
        return [tokens]
    return [tokens, spans_in(rng, count, empty=name == "text_infilling")]


def spoiled(rng, given):
    """Put something that may be wrong into arguments, at any depth."""
    at = rng.randrange(len(given))
    whole = given[at]
    if isinstance(whole, list) and whole and rng.random() < 0.8:
        inside = rng.random()
        if inside < 0.3:
            changed = [*whole, rng.choice(whole)]
        elif inside < 0.5 and isinstance(whole[0], list):
            changed = [spoiled(rng, whole[0]), *whole[1:]]
        else:
            changed = [rng.choice(WRONG + LONG), *whole[1:]]
            rng.shuffle(changed)
    else:
        changed = rng.choice(WRONG + LONG)
    return [*given[:at], changed, *given[at + 1 :]]


def pair(rng, count):
    return sorted(rng.choices(range(count + 1), k=2))


def other_arguments(rng, name):
    """Draw what the other functions are asked by an explorer."""
    tokens = [one for one in text(rng, least=3) if one] + ["a", "b"]
    if name == "attention_picture":  # which is as large as its sentence, squared
        tokens = tokens[-20:]
    count = len(tokens)
    start, end = sorted(rng.sample(range(count + 1), 2))
    return {
        "cut": lambda: [rng.choice([" ", "\x1f", "  ", "\u2003", "\x85", "\n"]).join(tokens)],
        "repr": lambda: [rng.choice(tokens)],
        "spans_of": lambda: [sorted(positions(rng, count, most=count))],
        "causal_strip": lambda: [tokens],
        "masked_strip": lambda: [tokens, sorted(positions(rng, count))],
        "prefix_strip": lambda: [tokens, rng.randint(1, count - 1)],
        "span_strip": lambda: [tokens, [start, end]],
        "spans_strips": lambda: [tokens, pair(rng, count), pair(rng, count)],
        "attention_picture": lambda: [
            tokens, rng.choice(LOOKS), rng.randrange(count), rng.randint(1, count - 1)
        ],
    }[name]()  # fmt: skip


def as_data(sample):
    """Write a sample as JSON can hold it, with its mask where that is no large one."""
    fields = ("objective", "source", "inputs", "targets", "loss_mask", "attention", "places")
    data = {name: getattr(sample, name) for name in fields}
    if len(sample.inputs) > 14:
        return data
    mask = sample.attention_mask
    masks = mask if isinstance(mask, tuple) else [mask]
    return {**data, "masks": [one.tolist() for one in masks]}


def built(name, given, columns):
    try:
        sample = BUILDERS[name](*given)
    except (TypeError, ValueError) as problem:
        return {"error": type(problem).__name__, "message": str(problem)}
    return {"sample": as_data(sample), "drawn": strip(sample, "<values>", columns)}


def cases(seed, count):
    rng = random.Random(seed)
    for nth in range(count):
        if nth % 4 == 3:
            name = rng.choice([*OTHERS])
            given = other_arguments(rng, name)
            yield {"call": name, "given": given, "answer": OTHERS[name][0](*given)}
            continue
        name, columns = rng.choice([*BUILDERS]), rng.choice([0, 0, 3])
        given = arguments(rng, name)
        if nth % 4 == 2:
            given = spoiled(rng, given)
        answer = built(name, given, columns)
        yield {"call": name, "given": given, "columns": columns, "answer": answer}


@cache
def made():
    return list(cases(seed=19, count=COUNT))


PAGE = """<!doctype html><meta charset="utf-8"><title>cases</title>
<link rel="icon" href="data:,"><script type="module">
import { attentionMask, builders } from "./core.js";
import { strip } from "./drawing.js";
const others = OTHERS;
const calls = {};
for (const [name, [file, inside]] of Object.entries(others))
  calls[name] = (await import(`./${file}`))[inside];

function built({ call, given, columns }) {
  const sample = builders[call](...given), drawn = strip(sample, "<values>", columns);
  if (sample.inputs.length > 14) return { sample, drawn };
  const mask = attentionMask(sample);
  const masks = sample.attention[0] === "encoder_decoder" ? mask : [mask];
  return { sample: { ...sample, masks }, drawn };
}

function answer(one) {
  try {
    return one.call in calls ? calls[one.call](...one.given) : built(one);
  } catch ({ name, message }) {
    return { error: name, message };
  }
}

const cases = await (await fetch("../cases.json")).json();
const wrong = cases.map((one) => ({ ...one, got: answer(one) }))
  .filter(({ got, answer }) => JSON.stringify(got) !== JSON.stringify(answer));
window.found = { count: cases.length, wrong: wrong.length, first: wrong.slice(0, 3) };
</script>""".replace("OTHERS", json.dumps({name: where for name, (_, *where) in OTHERS.items()}))


def write(folder):
    strips.write(folder)
    (folder / "index.html").write_text(PAGE, "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("core")
    (folder / "cases.json").write_text(json.dumps(made()), "utf-8")
    return folder


@pytest.fixture(scope="module")
def found_by(folder):
    """Return what finds the cases in which a folder's scripts say something else."""
    with chromium() as browser, served(folder) as home:

        def found(name):
            with opened(browser, f"{home}{name}/") as page:
                page.wait_for_function("window.found")
                return page.evaluate("window.found")

        yield found


def test_every_answer_is_pythons(found_by, folder):
    write(folder / "right")
    found = found_by("right")
    assert found["count"] == COUNT
    assert found["first"] == []
    assert found["wrong"] == 0


def test_the_cases_are_of_all_kinds():
    refused = [one["answer"]["message"] for one in made() if "error" in one["answer"]]
    assert {one["call"] for one in made()} == {*BUILDERS, *OTHERS}
    assert len(refused) > COUNT / 8
    for said in ("is of type", "is out of range", "too short", "given twice", "span"):
        assert any(said in message for message in refused)


SLIPS = [
    ("core.js", "sequence.slice(1)", "sequence.slice(0, -1)"),
    ("core.js", "sentinel(gaps.length)]", "sentinel(gaps.length - 1)]"),
    ("core.js", "?.[1] === start", "?.[1] > start"),
    ("core.js", "first - 1, first", "first, first"),
    ("core.js", "key <= query", "key < query"),
    ("core.js", "(0|[1-9][0-9]*)".replace("(0", "(?:0"), "[0-9]+"),
    ("checks.js", "start < before[1]", "start <= before[1]"),
    ("checks.js", "last = WIDEST - 3 - first", "last = WIDEST - 2 - first"),
    ("drawing.js", "place[1] + 2", "place[1] + 1"),
    ("drawing.js", "end - 1}", "end}"),
    ("words.js", "[...text]", 'text.split("")'),
    ("words.js", "&#x27;", "&#39;"),
]


@pytest.mark.parametrize(("name", "right", "wrong"), SLIPS, ids=[slip[1] for slip in SLIPS])
def test_a_slip_in_the_scripts_is_found(found_by, folder, name, right, wrong, tmp_path_factory):
    there = tmp_path_factory.mktemp("slip", numbered=True)
    write(folder / there.name)
    script = folder / there.name / name
    text = script.read_text("utf-8")
    assert text.count(right) == 1
    script.write_text(text.replace(right, wrong), "utf-8")
    assert found_by(there.name)["wrong"] > 0
