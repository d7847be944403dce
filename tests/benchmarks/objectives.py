"""Measure the batch builders against what a user would pick instead.

    python -m tests.benchmarks.objectives

All contenders of an objective run in this process, one after the other in short turns, on one
thread, each call on fresh ids and with a fresh generator. Time is CPU time, so that other work on
the machine does not count. The table, the plot and the raw seconds go to `results/`.
"""

import argparse
import ctypes
import json
import os
import platform
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import torch
import transformers
from matplotlib import pyplot as plt

from lessonlib import batches
from tests.benchmarks import objectives_references as references

RESULTS = Path(__file__).parent / "results"
COMMAND = "python -m tests.benchmarks.objectives"
ROWS, LENGTH, VOCAB_SIZE, FIRST_WORD, SENTINELS = 256, 512, 32_100, 10, 100
PAD, START, EOS, MASK, PRE, MID, SUF = range(7)
TURN = 5
GROWTH = [10**exponent for exponent in range(4, 9)]


class Contender(NamedTuple):
    """One way to make the batches of an objective.

    ``slow`` ones get fewer calls. ``given`` turns the array into what the contender is handed.
    """

    objective: str
    name: str
    run: Callable
    target: float | None = None
    slow: bool = False
    given: Callable = np.asarray


OURS = {
    "causal": lambda ids, rng: batches.causal(ids),
    "masked": lambda ids, rng: batches.masked(ids, rng, mask_id=MASK, vocab_size=VOCAB_SIZE),
    "span_corruption": lambda ids, rng: batches.span_corruption(
        ids, rng, vocab_size=VOCAB_SIZE, start_id=START
    ),
    "fill_in_middle": lambda ids, rng: batches.fill_in_middle(
        ids, rng, prefix_id=PRE, middle_id=MID, suffix_id=SUF, rate=1
    ),
    "prefix_lm": lambda ids, rng: batches.prefix_lm(
        ids, rng, architecture="encoder-decoder", start_id=START, pad_id=PAD
    ),
}
MARKS = {"prefix_id": PRE, "middle_id": MID, "suffix_id": SUF}
SENTINEL = {"vocab_size": VOCAB_SIZE, "start_id": START, "eos_id": EOS}
MASKING = {"mask_id": MASK, "vocab_size": VOCAB_SIZE}
THEIRS = [
    Contender("causal", "Hugging Face, copy of the labels",
              lambda ids, rng: references.huggingface_causal(ids, rng, pad_id=PAD)),
    Contender("masked", "Hugging Face, numpy, masking alone",
              lambda ids, rng: references.huggingface_masked_numpy(ids, rng, **MASKING), 25),
    Contender("masked", "Hugging Face, numpy, the call",
              lambda ids, rng: references.huggingface_call_numpy(ids, rng, **MASKING)),
    Contender("masked", "Hugging Face, torch, masking alone",
              lambda ids, rng: references.huggingface_masked_torch(ids, rng, **MASKING)),
    Contender("masked", "Hugging Face, torch, the call",
              lambda ids, rng: references.huggingface_call_torch(ids, rng, **MASKING)),
    Contender("span_corruption", "T5 collator, a mask per row",
              lambda ids, rng: references.t5_collator(ids, rng, **SENTINEL), 35, True),
    Contender("span_corruption", "T5 collator, rows as lists",
              lambda ids, rng: references.t5_collator(ids, rng, **SENTINEL), None, True,
              np.ndarray.tolist),
    Contender("fill_in_middle", "Megatron's permutation",
              lambda ids, rng: references.megatron_fim(ids, rng, **MARKS), 15),
    Contender("fill_in_middle", "slices of arrays, row by row",
              lambda ids, rng: references.fim_by_rows(ids, rng, **MARKS)),
    Contender("prefix_lm", "slices of arrays, row by row",
              lambda ids, rng: references.prefix_lm_by_rows(
                  ids, rng, start_id=START, pad_id=PAD)),
]  # fmt: skip


def fresh(seed, tokens=ROWS * LENGTH):
    rng = np.random.default_rng([seed, 1])
    rows = max(1, tokens // LENGTH)
    return rng.integers(FIRST_WORD, VOCAB_SIZE - SENTINELS, (rows, LENGTH)), rng


def seconds(run, seed, given=np.asarray):
    """Return the CPU time of one call on fresh ids."""
    ids, rng = fresh(seed)
    ids = given(ids)
    begin = time.process_time()
    result = run(ids, rng)
    taken = time.process_time() - begin
    del result
    return taken


def copy_floor(run):
    """Return a run that only copies the arrays which a batch had to allocate."""
    ids, rng = fresh(0)
    batch = run(ids, rng)
    fields = [batch.source, batch.inputs, batch.targets, batch.loss_mask]
    own = [a for a in fields if a is not None and a.strides[0] and not np.shares_memory(a, ids)]
    targets = [np.empty_like(array) for array in own]

    def copy(ids, rng):
        for target, array in zip(targets, own, strict=True):
            np.copyto(target, array)

    return copy


def measure(calls):
    """Return the seconds of each call, for each objective and contender, in turns."""
    taken = {}
    for objective, ours in OURS.items():
        rivals = [rival for rival in THEIRS if rival.objective == objective]
        runs = {"lessonlib": ours}
        if objective != "causal":  # which allocates nothing
            runs["copyto of the same arrays"] = copy_floor(ours)
        runs |= {rival.name: rival.run for rival in rivals}
        given = {rival.name: rival.given for rival in rivals}
        calls_a_turn = {rival.name: 1 for rival in rivals if rival.slow}
        taken[objective] = {name: [] for name in runs}
        for number in range(-1, max(1, calls // TURN)):  # the first turn warms up
            for name, run in runs.items():
                for call in range(calls_a_turn.get(name, TURN)):
                    spent = seconds(run, TURN * (number + 1) + call, given.get(name, np.asarray))
                    if number >= 0:
                        taken[objective][name].append(spent)
        print(objective, {n: f"{ROWS * LENGTH / median(t) / 1e6:.1f}M/s"
                          for n, t in taken[objective].items()}, flush=True)  # fmt: skip
    return taken


def growth():
    """Return seconds and peak bytes of streaming 10^4 .. 10^8 tokens batch by batch."""
    grown = {}
    for objective, run in OURS.items():
        grown[objective] = [
            {"tokens": tokens, "seconds": _stream(run, tokens), "peak_bytes": _peak(run, tokens)}
            for tokens in GROWTH
        ]
        print(objective, "streamed", flush=True)
    return grown


def _stream(run, tokens):
    taken = 0.0
    for done in range(0, tokens, ROWS * LENGTH):
        ids, rng = fresh(done, min(tokens - done, ROWS * LENGTH))
        begin = time.process_time()
        run(ids, rng)
        taken += time.process_time() - begin
    return taken


def _peak(run, tokens):
    tracemalloc.start()
    _stream(run, tokens)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def table(measured):
    """Return the results as a Markdown table."""
    lines = [
        "| objective | contender | million tokens a second, best | median "
        "| lessonlib is faster by, best | median | target |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    wanted = {(c.objective, c.name): c.target for c in THEIRS}
    for objective, contenders in measured.items():
        ours = contenders["lessonlib"]
        for name, times in contenders.items():
            best, middle = (ROWS * LENGTH / t / 1e6 for t in (min(times), median(times)))
            ratios = (min(times) / min(ours), median(times) / median(ours))
            factors = ["", ""] if name == "lessonlib" else [f"{r:,.3g}x" for r in ratios]
            target = wanted.get((objective, name))
            cells = [
                objective, name, f"{best:,.4g}", f"{middle:,.4g}", *factors,
                f"{target}x" if target else "",
            ]  # fmt: skip
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def growth_table(grown):
    """Return time and memory of the streams as a Markdown table."""
    heads = " | ".join(f"10^{len(str(tokens)) - 1}" for tokens in GROWTH)
    lines = [f"| objective | {heads} |", "|---|" + "---:|" * len(GROWTH)]
    for objective, points in grown.items():
        cells = [f"{p['seconds']:.3g} s, {p['peak_bytes'] / 2**20:.1f} MiB" for p in points]
        lines.append(f"| {objective} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return (
        f"{names[0] if names else platform.machine()}, Python {platform.python_version()}, "
        f"numpy {np.__version__}, torch {torch.__version__}, "
        f"transformers {transformers.__version__}"
    )


def plot(measured, grown, path):
    plt.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "objectives", "font.size": 9}
    figure, (speed, cost, memory) = plt.subplots(
        1, 3, figsize=(15, 5.2), width_ratios=[2, 1, 1], layout="constrained"
    )
    labels, values, colours = [], [], []
    for objective, contenders in measured.items():
        for name, times in contenders.items():
            labels.append(f"{objective}: {name}")
            values.append(ROWS * LENGTH / median(times))
            colours.append(
                "#0072b2" if name == "lessonlib" else "#bbbbbb" if "copyto" in name else "#e69f00"
            )
    speed.barh(labels[::-1], values[::-1], color=colours[::-1])
    speed.set(xscale="log", xlabel="tokens a second (median)", title="Blue: lessonlib")
    for number, (objective, points) in enumerate(grown.items()):
        tokens = [point["tokens"] for point in points]
        style = {"marker": "os^vDPX"[number], "label": objective, "markersize": 4}
        cost.plot(tokens, [point["seconds"] for point in points], **style)
        memory.plot(tokens, [point["peak_bytes"] / 2**20 for point in points], **style)
    cost.set(xscale="log", yscale="log", xlabel="tokens", ylabel="CPU seconds",
             title="Cost grows with the corpus")  # fmt: skip
    memory.set(xscale="log", xlabel="tokens", ylabel="MiB", ylim=(0, None),
               title="Peak memory, batch by batch")  # fmt: skip
    cost.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def report(measured, grown):
    RESULTS.mkdir(exist_ok=True)
    raw = {"machine": machine(), "batch": [ROWS, LENGTH], "seconds": measured, "streamed": grown}
    (RESULTS / "objectives.json").write_text(json.dumps(raw, indent=1) + "\n")
    plot(measured, grown, RESULTS / "objectives.svg")
    (RESULTS / "objectives.md").write_text(
        f"# Batch builders against what else there is\n\n"
        f"Made by `{COMMAND}`; what was measured and how is told in the "
        f"[README](../README.md).\n\n{machine()}; one thread; batches of {ROWS} x {LENGTH} "
        f"ids (int64).\n\n{table(measured)}\n\n"
        f"![Tokens a second, cost and memory](objectives.svg)\n\n"
        f"## Streaming 10^4 to 10^8 tokens, batch by batch\n\n"
        f"CPU seconds and peak memory (ids and batch together).\n\n{growth_table(grown)}\n"
    )


def keep_freed_memory():
    """Let the C library keep what numpy frees, as it does in a long training run.

    Otherwise each call measures how fast the kernel hands out pages, for every contender alike.
    """
    try:
        trim_threshold, mmap_threshold = -1, -3
        library = ctypes.CDLL(None)
        library.mallopt(mmap_threshold, 1 << 30)
        library.mallopt(trim_threshold, 1 << 30)
    except (OSError, AttributeError):  # not glibc
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=100, help="calls of each contender")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    keep_freed_memory()
    report(measure(arguments.calls), growth())
    print((RESULTS / "objectives.md").read_text())


if __name__ == "__main__":
    main()
