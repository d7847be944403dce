"""The library's Trainer on the course's own batches, and the course's exam for what it trained."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lessonlib.bridges.candidates import candidate
from lessonlib.bridges.forms import to_transformers
from lessonlib.bridges.tiny import CLASSES, tiny_model
from lessonlib.exams.exam import MakeBatch
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.short import practised, sit, the_village
from lessonlib.exams.vocabulary import PAD

STEPS = 800
STORED = Path(__file__).with_name("measured.json")
LEARNING_RATE = 4e-3


def practise(
    model: Any, language: Language, make_batch: MakeBatch, steps: int, seed: int = 0
) -> list[float]:
    """Train a model of transformers in place with the library's Trainer; return the losses.

    The batches are those that the course's own models practise on, handed over as they are.
    """
    import torch
    from transformers import PrinterCallback, Trainer, TrainingArguments

    pad_id = language.vocabulary[PAD]

    class Batches(torch.utils.data.IterableDataset):
        def __iter__(self) -> Iterator[dict]:
            for batch in language.practice(make_batch, seed):
                arrays = to_transformers(batch, pad_id=pad_id)
                yield {name: torch.from_numpy(array) for name, array in arrays.items()}

    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            max_steps=steps,
            per_device_train_batch_size=1,  # of these batches, each of many rows
            learning_rate=LEARNING_RATE,
            warmup_steps=steps // 50,
            adam_beta2=0.99,
            weight_decay=0.0,
            logging_steps=max(1, steps // 20),
            seed=seed,
            use_cpu=True,
            disable_tqdm=True,
            report_to=[],
            save_strategy="no",
            remove_unused_columns=False,
            dataloader_pin_memory=False,
        )
        trainer = Trainer(model, arguments, data_collator=_whole, train_dataset=Batches())
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    model.eval()
    return [seen["loss"] for seen in trainer.state.log_history if "loss" in seen]


def _whole(batches: Sequence[dict]) -> dict:
    """Hand a batch on as it is: it was put together before."""
    (batch,) = batches
    return batch


def measure(steps: int = STEPS, seed: int = 0) -> list[Row]:
    """Train all three classes, put each through the course's short exam, and return its rows."""
    language, rows = the_village(), []
    for objective in CLASSES:
        model = tiny_model(objective, language, seed)
        practise(model, language, practised(objective), steps, seed)
        taking = candidate(objective, model, language)
        rows += sit(taking, seed, objective=objective)
    return rows


def stored() -> list[Row]:
    """Read the rows that were measured when the course was made."""
    return json.loads(STORED.read_text("utf-8"))["rows"]
