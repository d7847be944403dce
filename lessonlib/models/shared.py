"""An encoder-decoder of which both stacks are one: T5's shared form."""

import numpy as np

from lessonlib.models.config import Config
from lessonlib.models.transformer import Transformer


class SharedTransformer(Transformer):
    """A transformer whose decoder has the encoder's weights, and own ones to look at the source.

    Source: Raffel et al. 2020 (T5), section 3.2.2. The decoder's own copies stay in `values`, where
    nothing reads or changes them.
    """

    def __init__(
        self, config: Config, rng: np.random.Generator, dtype: type[np.floating] = np.float32
    ) -> None:
        super().__init__(config, rng, dtype)
        for name in self.parameters:
            if name.startswith("encoder."):
                self.parameters[name.replace("encoder", "decoder", 1)] = self.parameters[name]

    def copy(self) -> "SharedTransformer":
        """Return a model with the same weights that can be trained on its own."""
        twin = SharedTransformer(self.config, np.random.default_rng(0), self.values.dtype.type)
        twin.values[...] = self.values
        return twin


def different_weights(model: Transformer) -> int:
    """Return the number of weights; what two stacks share counts once."""
    different = {id(weight): weight.value.size for weight in model.parameters.values()}
    return sum(different.values())
