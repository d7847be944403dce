"""Compare `lessonlib.models` with PyTorch: the same gradients, and how long a training step takes.

Run ``python -m tests.benchmarks.models`` on a quiet machine, in an environment that has torch.
Everything runs on one thread, on the same model and the same batches, in turns; CPU time counts.
"""

# ruff: noqa: E402 (the number of threads is read when numpy and torch are loaded)

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import json
import platform
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from lessonlib import batches
from lessonlib.models import Config, Transformer
from lessonlib.models.training import Adam
from lessonlib.worlds.sentences import learnable_world
from tests.benchmarks.models_torch import TorchTransformer, as_tensors

torch.set_num_threads(1)
RESULTS = Path(__file__).parent / "results"
PAD, START, END, MASK = range(4)
WORDS, ROWS = 4, 64
SENTINELS = 4
ARCHITECTURE = {
    "causal": "decoder-only",
    "causal, no padding": "decoder-only",
    "masked": "encoder-only",
    "span corruption": "encoder-decoder",
}


def sentences(count, rng, length=None):
    """Rows of ids: sentences of the learnable world with an end token, padded."""
    world = learnable_world()
    number = {word: WORDS + i for i, word in enumerate(world.oracle.words)}
    drawn = [world.sentences[i].words for i in world.sample(20 * count, rng)]
    drawn = [words for words in drawn if length in (None, len(words))][:count]
    rows = np.full((count, max(map(len, drawn)) + 1), PAD)
    for row, words in zip(rows, drawn, strict=True):
        row[: len(words) + 1] = [*(number[word] for word in words), END]
    return rows, WORDS + len(number) + SENTINELS


def make_batch(objective, rng):
    """One batch of 64 sentences and the size of the vocabulary."""
    ids, vocab_size = sentences(ROWS, rng, length=14 if "no padding" in objective else None)
    if objective == "masked":
        batch = batches.masked(
            ids, rng, mask_id=MASK, vocab_size=vocab_size, special_ids=[END], pad_id=PAD
        )
    elif objective == "span corruption":
        batch = batches.span_corruption(
            ids, rng, vocab_size=vocab_size, start_id=START, special_ids=[END], pad_id=PAD
        )
    else:
        ids = np.column_stack([np.full(ROWS, START), ids])
        batch = batches.causal(ids, pad_id=PAD)
    return batch, vocab_size


def seen_from(queries, visible):
    """The keys (batch, keys) that at least one of these queries may look at."""
    return (queries[:, None].astype(visible.dtype) @ visible[:, 0])[:, 0] > 0


def needed_positions(layers, asked, mask):
    """How many positions the answers depend on before each layer, and after the last."""
    visible = mask[:, None].astype(np.float32)
    needed = [asked]
    for _ in range(layers):
        needed.insert(0, needed[0] | seen_from(needed[0], visible))
    return [int(positions.sum()) for positions in needed]


def matrix_flops(model, batch):
    """Floating-point operations of all matrix products of one step, forward and back.

    Only what has to be computed counts; products that stand for look-ups do not.
    """
    config = model.config
    width, hidden = config.width, config.hidden_width
    rows = len(batch.inputs)
    mask = batch.attention_mask

    def stack(layers, asked, mask, source=None):
        total, counts = 0, needed_positions(layers, asked, mask)
        for before, after in pairwise(counts):
            total += after * width * width * 2 + before * width * 2 * width
            total += 2 * rows * mask.shape[1] * mask.shape[2] * width
            total += 2 * after * width * hidden
            if source is not None:
                total += after * width * width * 2 + source[0] * width * 2 * width
                total += 2 * rows * mask.shape[1] * source[1] * width
        return total

    products = int(batch.loss_mask.sum()) * width * config.vocab_size
    if batch.source is None:
        products += stack(config.layers, batch.loss_mask, mask)
    else:
        half, seen = config.layers // 2, mask.cross.any(axis=1)
        products += stack(half, seen, mask.encoder)
        source = (int(seen.sum()), batch.source.shape[1])
        products += stack(half, batch.loss_mask, mask.decoder, source)
    return 2 * 3 * products  # multiply and add; forward, back to inputs, back to weights


def largest_gradient_difference(model, batch):
    """Between the two implementations, relative to the largest gradient of each weight."""
    model.gradients[:] = 0
    loss = model.loss(batch)
    twin = TorchTransformer(model)
    torch_loss = twin(as_tensors(batch))
    torch_loss.backward()
    assert abs(torch_loss.item() - loss) < 1e-5 * loss, (torch_loss.item(), loss)
    found = twin.gradients()
    assert found.keys() == model.parameters.keys()
    return max(
        float(np.abs(p.gradient - found[name].numpy()).max() / np.abs(p.gradient).max())
        for name, p in model.parameters.items()
    )


def numpy_step(model):
    optimiser = Adam(model.values, model.gradients)

    def step(batch):
        model.gradients[:] = 0
        model.loss(batch)
        length = float(np.sqrt(model.gradients @ model.gradients))
        optimiser.step(1e-4, min(1.0, 1.0 / length))

    return step


def torch_step(model, only_asked, fused):
    twin = TorchTransformer(model, only_asked)
    optimiser = torch.optim.Adam(twin.parameters(), lr=1e-4, betas=(0.9, 0.99), fused=fused)

    def step(batch):
        optimiser.zero_grad()
        twin(batch).backward()
        torch.nn.utils.clip_grad_norm_(twin.parameters(), 1.0)
        optimiser.step()

    return step


def cpu_seconds(function, *arguments):
    started = time.process_time_ns()
    function(*arguments)
    return (time.process_time_ns() - started) / 1e9


def measure(objective, rounds):
    """Time one step of each kind on the same batch, round after round."""
    rng = np.random.default_rng(0)
    made = [make_batch(objective, rng) for _ in range(20)]
    vocab_size = made[0][1]
    model = Transformer(Config(ARCHITECTURE[objective], vocab_size, 24), rng)
    exact = Transformer(Config(ARCHITECTURE[objective], vocab_size, 24), rng, np.float64)
    exact.values[:] = model.values
    difference = {
        "float32": largest_gradient_difference(model, made[0][0]),
        "float64": largest_gradient_difference(exact, made[0][0]),
    }
    flops = [matrix_flops(model, batch) for batch, _ in made]
    plain = [batch for batch, _ in made]
    tensors = [as_tensors(batch) for batch in plain]
    steps = {
        "numpy": (numpy_step(model), plain),
        "torch": (torch_step(model, False, False), tensors),
        "torch, fused Adam": (torch_step(model, False, True), tensors),
        "torch, fused Adam, last layer where asked": (torch_step(model, True, True), tensors),
    }
    square = rng.random((1024, 1024), np.float32)
    seconds = {name: [] for name in steps}
    rates = []
    for turn in range(rounds + 2):
        for i in range(len(plain)):
            for name, (step, inputs) in steps.items():
                seconds[name].append(cpu_seconds(step, inputs[i]))
            rates.append(2 * 1024**3 / cpu_seconds(np.matmul, square, square))
        if turn == 1:  # the first two rounds only warm up
            seconds, rates = {name: [] for name in steps}, []
    times = {name: np.array(values).reshape(rounds, -1) for name, values in seconds.items()}
    ours = times["numpy"]
    rate = np.array(flops) / ours
    return {
        "parameters": model.values.size,
        "rows x length": list(plain[0].inputs.shape),
        "gradient difference from torch": difference,
        "milliseconds": {
            name: {"min": 1e3 * values.min(axis=0).mean(), "median": 1e3 * np.median(values)}
            for name, values in times.items()
        },
        "numpy / torch": {
            name: {
                "min": float(ours.min(axis=0).mean() / values.min(axis=0).mean()),
                "median": float(np.median(ours / values)),
            }
            for name, values in times.items()
            if name != "numpy"
        },
        "matrix GFLOP per step": float(np.mean(flops)) / 1e9,
        "sgemm GFLOP/s": {"max": max(rates) / 1e9, "median": float(np.median(rates)) / 1e9},
        "share of sgemm rate": {
            "best": float(rate.max(axis=0).mean() / max(rates)),
            "median": float(np.median(rate) / np.median(rates)),
        },
    }


def table(results):
    """The results as a Markdown table."""
    names = list(next(iter(results["steps"].values()))["milliseconds"])
    lines = [
        f"# A training step in numpy and in PyTorch ({results['machine']})",
        "",
        f"Made by `{results['command']}`; numpy {results['versions']['numpy']}, "
        f"torch {results['versions']['torch']}. Minimum / median over all rounds.",
        "",
        "| objective | " + " | ".join(f"{name}, ms" for name in names) + " | numpy / torch | "
        "numpy / fastest torch | share of sgemm rate | gradients differ by (float32, float64) |",
        "|---" * (len(names) + 5) + "|",
    ]

    def pair(values):
        return f"{values['min']:.2f} / {values['median']:.2f}"

    for objective, row in results["steps"].items():
        ratios = row["numpy / torch"].values()
        share, difference = row["share of sgemm rate"], row["gradient difference from torch"]
        cells = [
            objective,
            *(pair(row["milliseconds"][name]) for name in names),
            pair(row["numpy / torch"]["torch"]),
            pair({kind: max(ratio[kind] for ratio in ratios) for kind in ("min", "median")}),
            f"{share['best']:.2f} / {share['median']:.2f}",
            f"{difference['float32']:.0e}, {difference['float64']:.0e}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20, help="over 20 batches each")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder")
    arguments = parser.parse_args()
    results = {
        "command": f"python -m tests.benchmarks.models --rounds {arguments.rounds}",
        "machine": f"{platform.system()} {platform.machine()}, one thread, CPU time",
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "torch": torch.__version__,
        },
        "steps": {name: measure(name, arguments.rounds) for name in ARCHITECTURE},
    }
    (arguments.out / "models.json").write_text(json.dumps(results, indent=1) + "\n")
    (arguments.out / "models.md").write_text(table(results))
    print(table(results))


if __name__ == "__main__":
    main()
