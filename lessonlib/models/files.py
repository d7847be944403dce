"""A model in a file."""

import json
import zipfile
from dataclasses import asdict
from os import PathLike

import numpy as np

from lessonlib.models.config import WORDS, Config
from lessonlib.models.inputs import shape_is
from lessonlib.models.transformer import Transformer

#: What reading a file can raise that holds something else than a model.
_NO_SAVED_MODEL = (ValueError, TypeError, AttributeError, KeyError, EOFError, zipfile.BadZipFile)


def save(model: Transformer, path: str | PathLike) -> None:
    """Write sizes and weights to a NumPy ``.npz`` file."""
    weights = {name: parameter.value for name, parameter in model.parameters.items()}
    np.savez(path, config=np.array(json.dumps(asdict(model.config))), **weights)


def load(path: str | PathLike) -> Transformer:
    """Read what `save` wrote; nothing in it is executed. Anything else is a ValueError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            weights = dict(file)
        config = Config(**json.loads(str(weights.pop("config"))))
        model = Transformer(config, np.random.default_rng(0), weights["tokens"].dtype.type)
    except _NO_SAVED_MODEL as problem:
        raise ValueError(WORDS("no_model", path=path)) from problem
    if set(model.parameters) != set(weights):
        raise ValueError(WORDS("other_weights", path=path))
    for name, parameter in model.parameters.items():
        parameter.value[...] = shape_is(weights[name], [parameter.value.shape], name)
    return model
