"""What a learner reads as code is plain Python, or is explained right there."""

import ast
import re
from pathlib import Path

import pytest

from lessonlib.authoring.sources import read_source, without_answers

ROOT = Path(__file__).parents[1]
SOURCES = [
    *sorted((ROOT / "notebooks" / "text").glob("*.md")),
    *sorted((ROOT / "solutions" / "text").glob("*.md")),
]
PLAIN_FORMAT = re.compile(r"\.\d[f%]")
TOOLS = {
    *("defaultdict", "Counter", "OrderedDict", "fromkeys", "setdefault", "partial", "reduce"),
    *("groupby", "accumulate", "default_rng", "isclose", "vectorize", "einsum", "most_common"),
}
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# A page that uses such a thing says what it does, in these words.
EXPLAINED = {
    ("02_why_causal_generates", "zip of three"): "zip goes through several lists side by side",
    ("05_masking_80_10_10", "zip of three"): "`zip` goes through the three lists side by side",
    (
        "05_what_each_is_better_at",
        "star",
    ): "The star in `*three` hands the three names over one by one",
    ("10_measure_an_ability", "key="): "the word whose probability is highest",
}


def hard_words(source):
    """Name everything in a piece of code that goes beyond some Python."""
    for node in ast.walk(ast.parse(source)):
        yield from _hard_words(node)


def _hard_words(node):
    match node:
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            inside = [n for child in ast.iter_child_nodes(node) for n in ast.walk(child)]
            if any(isinstance(n, COMPREHENSIONS) for n in inside):
                yield "nested comprehension"
            if len(node.generators) > 1:
                yield "two loops in a comprehension"
        case ast.Lambda():
            yield "lambda"
        case ast.NamedExpr():
            yield "walrus"
        case ast.Starred():
            yield "star"
        case ast.keyword(arg=None):
            yield "two stars"
        case ast.keyword(arg="axis" | "key" | "keepdims" | "default"):
            yield f"{node.arg}="
        case ast.Subscript(slice=index):
            parts = index.elts if isinstance(index, ast.Tuple) else [index]
            if any(isinstance(part, ast.Constant) and part.value is None for part in parts):
                yield "None as an index"
            if isinstance(index, ast.List):
                yield "a list as an index"
            if any(isinstance(part, ast.Slice) for part in parts) and len(parts) > 1:
                yield "several slices"
        case ast.FormattedValue(conversion=conversion, format_spec=spec):
            if conversion != -1:
                yield "conversion in an f-string"
            if spec and not PLAIN_FORMAT.fullmatch("".join(str(p.value) for p in spec.values)):
                yield "width in an f-string"
        case ast.Call(func=ast.Name(id="zip"), args=[_, _, _, *_]):
            yield "zip of three"
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in TOOLS:
            yield name
        case ast.Attribute(attr=name) if name.startswith("_"):
            yield "hidden attribute"
        case ast.FunctionDef(body=body, decorator_list=decorators):
            if decorators:
                yield "decorator"
            if any(isinstance(n, ast.FunctionDef) for part in body for n in ast.walk(part)):
                yield "function in a function"
        case ast.ClassDef() | ast.Yield() | ast.AsyncFunctionDef():
            yield type(node).__name__


def page_of(path):
    notebook = read_source(path)
    return without_answers(notebook) if path.parts[-3] == "solutions" else notebook


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_code_on_a_page_is_plain_or_explained(path):
    page = page_of(path)
    text = "\n".join(cell.source for cell in page.cells)
    for cell in page.cells:
        for word in hard_words(cell.source) if cell.cell_type == "code" else ():
            assert EXPLAINED.get((path.stem, word), "no explanation") in text, (word, cell.source)


def test_every_explanation_explains_something_that_is_there():
    used = {
        (path.stem, word)
        for path in SOURCES
        for cell in page_of(path).cells
        if cell.cell_type == "code"
        for word in hard_words(cell.source)
    }
    assert used == set(EXPLAINED)


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("nested comprehension", "[[b for b in a] for a in c]"),
        ("two loops in a comprehension", "[b for a in c for b in a]"),
        ("zip of three", "zip(w, w[1:], w[2:])"),
        ("defaultdict", "t = defaultdict(Counter)"),
        ("fromkeys", "dict.fromkeys(rows)"),
        ("default_rng", "np.random.default_rng(0)"),
        ("None as an index", "ids[None, :]"),
        ("several slices", "ids[:, 1:]"),
        ("a list as an index", "v[[1, 2, 0]]"),
        ("axis=", "same.all(axis=-1)"),
        ("key=", "max(a, key=len)"),
        ("lambda", "f = lambda x: x"),
        ("walrus", "(n := 3)"),
        ("star", "print(*a)"),
        ("two stars", "f(**a)"),
        ("hidden attribute", "mask._fields"),
        ("conversion in an f-string", "f'{a!s}'"),
        ("width in an f-string", "f'{a:>13.0%}'"),
        ("width in an f-string", "f'{a:{b}}'"),
        ("decorator", "@cache\ndef f(): pass"),
        ("function in a function", "def f():\n    def g(): pass"),
    ],
)
def test_it_notices(word, source):
    assert word in hard_words(source)


@pytest.mark.parametrize(
    "source",
    [
        "for a, b in zip(c, d):\n    print(a, b)",
        "[a for a, b in zip(c, d) if b]",
        "f'{share:.0%} and {loss:.2f} and {name}'",
        "tokens[1:], tokens[-1], mask[0].sum()",
    ],
)
def test_it_leaves_some_python_alone(source):
    assert list(hard_words(source)) == []
