"""What other people's code makes of the newer objectives, added to `objectives.json`.

    pip install torch transformers rouge-score  # and a C++ compiler
    git clone https://github.com/NVIDIA/Megatron-LM
    git clone https://github.com/google-research/pegasus
    git clone https://github.com/ML-GSAI/LLaDA
    python -m tests.samples.references FOLDER_OF_THE_CLONES

The functions are cut out of the files of the clones and run as they are.
"""

import ast
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "objectives.json"
EOS = 2


def functions(file, *names, **given):
    """Run the functions of these names out of a Python file that is not imported as a whole."""
    tree = ast.parse(file.read_text("utf-8"))
    for name in names:
        (node,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
        node.returns = None
        exec(compile(ast.Module([node], []), str(file), "exec"), given)
    return [given[name] for name in names]


def multi_token(clones, rng):
    import torch

    file = clones / "Megatron-LM/megatron/core/transformer/multi_token_prediction.py"
    (roll,) = functions(file, "roll_tensor", torch=torch)
    cases = []
    for length, depth in ((2, 1), (5, 2), (7, 3), (9, 4), (6, 5)):
        tokens = [rng.randint(10, 99) for _ in range(length)]
        labels, counts = torch.tensor([tokens[1:]]), torch.ones(1, length - 1)
        made = {"tokens": tokens, "labels": [], "loss_masks": []}
        for _ in range(depth):
            made["labels"].append(labels[0].tolist())
            made["loss_masks"].append(counts[0].bool().tolist())
            labels, counts = roll(labels)[0], roll(counts)[0]
        cases.append(made)
    return {"produced_by": "Megatron-LM roll_tensor, once for each further head", "cases": cases}


def packed(rng):
    from transformers import DataCollatorWithFlattening

    collate = DataCollatorWithFlattening(return_tensors="np", return_seq_idx=True)
    cases = []
    for lengths in ((3,), (1, 1), (2, 4, 1), (5, 3)):
        documents = [[rng.randint(10, 99) for _ in range(length)] for length in lengths]
        batch = collate([{"input_ids": [*document, EOS]} for document in documents])
        made = {name: batch[name][0].tolist() for name in ("input_ids", "labels", "seq_idx")}
        cases.append({"documents": documents, "eos": EOS} | made)
    return {"produced_by": "transformers DataCollatorWithFlattening", "cases": cases}


CPP = """
#include <cstdint>
#include <iostream>
#include <vector>
namespace absl {
struct BitGen {};
template <class A, class B> B Uniform(BitGen&, A a, B) { return a; }
}
constexpr int64_t kEosTokenId = 1;
constexpr int64_t kMaskSentenceTokenId = 2;
%s
int main() {
  int sentences, size, chosen; std::cin >> sentences;
  std::vector<std::vector<int64_t>> ids(sentences);
  for (auto& s : ids) { std::cin >> size; s.resize(size); for (auto& i : s) std::cin >> i; }
  std::cin >> chosen; std::vector<int> indices(chosen); for (auto& i : indices) std::cin >> i;
  std::vector<int64_t> input, target;
  GetInputAndTarget(&input, &target, &ids, indices, {1, 1, 1, 1});
  for (auto i : input) std::cout << i << " "; std::cout << std::endl;
  for (auto i : target) std::cout << i << " ";
}
"""


def gap_sentences(clones, rng):
    from rouge_score.rouge_scorer import RougeScorer

    file = clones / "pegasus/pegasus/ops/pretrain_parsing_ops.cc"
    body = re.search(r"void GetInputAndTarget\(.*?\n}\n", file.read_text("utf-8"), re.DOTALL)[0]
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder, "gaps.cc"), Path(folder, "gaps")
        source.write_text(CPP % body)
        subprocess.run(["g++", "-O0", "-w", str(source), "-o", str(program)], check=True)
        for lengths, chosen in (((2,), [0]), ((3, 2, 4), [1]), ((2, 1, 3, 2), [0, 2]),
                                ((1, 2, 3), [1, 2]), ((2, 2), [0, 1])):  # fmt: skip
            texts = [[rng.randint(10, 99) for _ in range(length)] for length in lengths]
            said = [len(texts), *(n for text in texts for n in (len(text), *text))]
            said += [len(chosen), *chosen]
            done = subprocess.run([program], input=" ".join(map(str, said)), check=True,
                                  capture_output=True, text=True)  # fmt: skip
            read, written = ([*map(int, line.split())] for line in done.stdout.splitlines())
            cases.append({"sentences": texts, "chosen": chosen, "mask": 2, "eos": 1,
                          "input_ids": read, "target_ids": written})  # fmt: skip
    scorer, compared = RougeScorer(["rouge1"]), []
    words = "a dog the cat barks sleeps and or Dog runs ,".split()
    for sentences in (1, 2, 3, 4, 5, 6):
        texts = [rng.choices(words, k=rng.randint(1, 7)) for _ in range(sentences)]
        said = [" ".join(text) for text in texts]
        rest = [" ".join(said[:n] + said[n + 1 :]) for n in range(sentences)]
        scores = [
            scorer.score(others, text)["rouge1"].fmeasure
            for others, text in zip(rest, said, strict=True)
        ]
        compared.append({"sentences": texts, "rouge_1": scores})
    return {
        "produced_by": "google-research/pegasus GetInputAndTarget; rouge-score RougeScorer",
        "cases": cases,
        "principal": compared,
    }


def masked_diffusion(clones, rng):
    import torch

    text = (clones / "LLaDA/GUIDELINES.md").read_text("utf-8")
    found = re.search(r"def forward_process.*?return .*?\n", text, re.DOTALL)[0]
    given = {"torch": torch}
    exec(found, given)
    torch.manual_seed(rng.randint(0, 999))
    ids = torch.randint(10, 99, (8, 9))
    noisy, hidden, _ = given["forward_process"](ids)
    forward = {"tokens": ids, "hidden": hidden, "noisy": noisy, "mask": torch.tensor(126336)}
    file = clones / "LLaDA/generate.py"
    names = ("add_gumbel_noise", "get_num_transfer_tokens", "generate")
    more = {"torch": torch, "F": torch.nn.functional, "np": __import__("numpy")}
    _, shares, generate = functions(file, *names, **more)

    class Model:
        device = "cpu"

        def __init__(self, scores):
            self.scores, self.read = scores, []

        def __call__(self, x, attention_mask=None):
            self.read.append(x[0].tolist())
            logits = self.scores[len(self.read) - 1][None]
            return type("Said", (), {"logits": logits})

    written = []
    for length, passes in ((4, 1), (5, 2), (6, 6), (7, 3)):
        model = Model(torch.randn(passes, length, 8))
        end = generate(model, torch.zeros(1, 0, dtype=torch.long), steps=passes, mask_id=99,
                       gen_length=length, block_length=length)  # fmt: skip
        stages = [*model.read, end[0].tolist()]
        written.append({"logits": model.scores.tolist(), "mask": 99, "stages": stages})
    counted = []
    for hidden_tokens, passes in ((8, 8), (8, 3), (7, 2), (1, 1), (12, 5)):
        (row,) = shares(torch.ones(1, hidden_tokens, dtype=torch.bool), passes)
        counted.append({"hidden": hidden_tokens, "passes": passes, "shares": row.tolist()})
    return {
        "produced_by": "LLaDA forward_process, get_num_transfer_tokens, generate (no temperature)",
        "forward": {name: value.tolist() for name, value in forward.items()},
        "shares": counted,
        "generate": written,
    }


def main(clones):
    rng = random.Random(15)
    made = json.loads(FILE.read_text("utf-8")) | {
        "multi_token": multi_token(clones, rng),
        "packed": packed(rng),
        "gap_sentences": gap_sentences(clones, rng),
        "masked_diffusion": masked_diffusion(clones, rng),
    }
    FILE.write_text(json.dumps(made, separators=(",", ":"), ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
