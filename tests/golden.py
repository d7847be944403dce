"""The cases of the reference implementations, and which test answers for which key of them.

A test that checks a group says so with a decorator, and is handed exactly the keys it names, one
case at a time:

    @golden.checks("fim.cases", "tokens", "boundaries", "output")
    def test_rearranged_as_megatron_does(case): ...

`tests/test_golden.py` holds this to account: every key of the file is named by a test or excused
below, with the reason.
"""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent

EXCUSED = {
    "bart.deletion.p": "how often to delete; the positions are given",
    "bart.infilling.budget": "how much to hide; the spans are given",
    "bart.infilling.insert_positions": "a remark in words, followed by the test of the group",
    "bart.insertion": "an empty list",
    "bart.token_masking.p": "how often to mask; the positions are given",
    "fim.truncate_cases": "cutting to a fixed length belongs to packing, not to the objective",
    "spanbert.cases.pair_targets": "a second loss on the borders of a span, no objective here",
    "t5.prefix_lens.noise_density": "the length of the prefix does not depend on it",
    "t5.t5_spans.eos_note": "a remark in words",
    "t5.t5_spans.name": "a remark in words",
    "wwm_hf.cases.not_maskable_heads": "follows from the tokenizer, whose work comes before",
    "wwm_hf.cases.offsets": "follows from the tokenizer, whose work comes before",
    "wwm_hf.cases.special": "follows from the tokenizer, whose work comes before",
    **dict.fromkeys(
        (
            "bart.produced_by",
            "bert_google.produced_by",
            "causal.produced_by",
            "clip.produced_by",
            "electra.produced_by",
            "fim.produced_by",
            "gap_sentences.produced_by",
            "glm.produced_by",
            "mae.produced_by",
            "masked_diffusion.produced_by",
            "mlm_hf.produced_by",
            "multi_token.produced_by",
            "packed.produced_by",
            "prefix_lm.produced_by",
            "spanbert.produced_by",
            "t5.produced_by",
            "wwm_hf.produced_by",
            "xlnet_hf.produced_by",
        ),
        "says where the cases come from",
    ),
}


@cache
def _file() -> dict[str, Any]:
    return json.loads((TESTS / "data" / "objectives.json").read_text())


def cases(group: str) -> list[dict[str, Any]]:
    """Return the cases of a group such as ``"fim.cases"``."""
    found: Any = _file()
    for key in group.split("."):
        found = found[key]
    return found if isinstance(found, list) else [found]


def checks(group: str, *keys: str) -> pytest.MarkDecorator:
    """Run a test once for each case of the group, with nothing in it but the keys it names."""
    chosen = [{key: case[key] for key in keys} for case in cases(group)]
    return pytest.mark.parametrize("case", chosen, ids=range(len(chosen)))


def all_keys(found: Any = None, path: str = "") -> set[str]:
    """Return the path of every value in the file; the members of a list share one path."""
    found = _file() if found is None else found
    if isinstance(found, dict):
        inner = [(f"{path}.{key}".lstrip("."), value) for key, value in found.items()]
    elif isinstance(found, list) and any(isinstance(member, dict) for member in found):
        inner = [(path, member) for member in found]
    else:
        return {path}
    return set().union(*(all_keys(value, key) for key, value in inner))


def checked_keys() -> dict[str, str]:
    """Return what the decorators of all tests name, and in which file, without running them."""
    return {
        f"{group}.{key}": path.relative_to(TESTS).as_posix()
        for path in sorted(TESTS.rglob("test_*.py"))
        for group, *keys in _declarations(path)
        for key in keys
    }


def _declarations(path: Path) -> Iterator[list[str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for decorator in getattr(node, "decorator_list", []):
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "golden.checks":
                yield [ast.literal_eval(argument) for argument in decorator.args]
