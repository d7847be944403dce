"""The sizes of a transformer, and the weights that follow from them."""

from dataclasses import dataclass
from typing import Literal, get_args

from lessonlib import checks
from lessonlib.words import Words

WORDS = Words("models")

Architecture = Literal["decoder-only", "encoder-only", "encoder-decoder"]


@dataclass(frozen=True)
class Config:
    """Sizes of a transformer. With equal sizes all architectures have about as many weights."""

    architecture: Architecture  # an encoder-decoder gives half of its layers to each side
    vocab_size: int  # number of different tokens, special ones included
    length: int  # most positions that a stack can read (patches included)
    width: int = 64  # length of the vector that stands for a position
    heads: int = 2  # of attention; divides `width`
    layers: int = 2  # in all
    patch_size: int = 0  # numbers in one patch of an input such as a picture; 0 for text alone

    def __post_init__(self) -> None:
        checks.one_of(self.architecture, "architecture", get_args(Architecture))
        for name in ("vocab_size", "length", "width", "heads", "layers"):
            checks.integer(getattr(self, name), name, 1)
        checks.integer(self.patch_size, "patch_size", 0)
        if self.width % self.heads:
            raise ValueError(WORDS("heads", heads=self.heads, width=self.width))
        if len(self.stacks) * min(self.stacks.values()) != self.layers and len(self.stacks) == 2:
            raise ValueError(WORDS("layers", layers=self.layers))

    @property
    def stacks(self) -> dict[str, int]:
        """Number of layers of each stack."""
        if self.architecture == "encoder-decoder":
            return {"encoder": self.layers // 2, "decoder": self.layers // 2}
        return {self.architecture.removesuffix("-only"): self.layers}

    @property
    def predicting(self) -> str:
        """Name of the stack that answers: the last one."""
        return list(self.stacks)[-1]

    @property
    def hidden_width(self) -> int:
        """Width inside the feed-forward layers: less where looking at an encoder costs weights."""
        return (3 if len(self.stacks) == 2 else 4) * self.width

    @property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """Name and shape of every weight."""
        width, hidden = self.width, self.hidden_width
        shapes = {"tokens": (self.vocab_size, width)}
        if self.patch_size:
            shapes["patches"] = (self.patch_size, width)
        for stack, layers in self.stacks.items():
            shapes[f"{stack}.positions"] = (self.length, width)
            looks = ("self", "cross") if stack != next(iter(self.stacks)) else ("self",)
            for layer in range(layers):
                for look in looks:
                    shapes[f"{stack}.{layer}.{look}.query"] = (width, width)
                    shapes[f"{stack}.{layer}.{look}.key_value"] = (width, 2 * width)
                    shapes[f"{stack}.{layer}.{look}.output"] = (width, width)
                shapes[f"{stack}.{layer}.feed_forward.up"] = (width, hidden)
                shapes[f"{stack}.{layer}.feed_forward.down"] = (hidden, width)
        return shapes

    def initial_std(self, name: str) -> float:
        """Return the standard deviation with which a weight is drawn at first."""
        rows, columns = self.shapes[name]
        if name == "tokens" or name.endswith("positions"):
            return columns**-0.5  # each row of these tables is a vector of length about 1
        std = rows**-0.5
        if name.endswith(("output", "down")):  # every part starts as a small change of its input
            std *= (2 * self.layers) ** -0.5
        return std
