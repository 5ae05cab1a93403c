"""Networks to ONNX files and back: what is shipped can be trained on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from community.vision.engines.linli_nets import WEIGHTS
from community.vision.plate_line import TALL, WIDE
from community.vision.training.nets import Finder, Reader

FILES = {"reader": WEIGHTS / "reader.onnx", "finder": WEIGHTS / "finder.onnx"}


class FinderFile(nn.Module):
    """The finder with its chances instead of logits, as the engine wants them."""

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self.finder = finder

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        logits, corners = self.finder(pictures)
        return logits.sigmoid(), corners


def export(network: Reader | Finder, path: Path) -> None:
    """Write the network as ONNX; normalisations stay apart, so that it can be trained on."""
    network = network.eval().to(memory_format=torch.contiguous_format)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(network, Reader):
        given = torch.zeros(2, TALL, WIDE, 3, dtype=torch.uint8)
        names = ["lines"], ["tables"]
        moving = {"lines": {0: "count"}, "tables": {0: "count"}}
        whole: nn.Module = network
    else:
        given = torch.zeros(2, 256, 320, 3, dtype=torch.uint8)
        names = ["pictures"], ["chances", "corners"]
        moving = {"pictures": {0: "count", 1: "height", 2: "width"}}
        whole = FinderFile(network)
    torch.onnx.export(
        whole,
        (given,),
        str(path),
        input_names=names[0],
        output_names=names[1],
        dynamic_axes=moving,
        opset_version=17,
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        dynamo=False,
    )


def load(name: str) -> Reader | Finder:
    """The shipped network, ready to be trained on. Raises KeyError for an unknown name."""
    network: Reader | Finder = Reader() if name == "reader" else Finder()
    graph = onnx.load(str(FILES[name])).graph
    known = {one.name.removeprefix("finder."): one for one in graph.initializer}
    state = network.state_dict()
    for key, value in state.items():
        if key.endswith("num_batches_tracked"):
            continue
        array = torch.from_numpy(numpy_helper.to_array(known[key]).copy())
        value.copy_(array.reshape(value.shape))
    network.load_state_dict(state)
    return network


def digest(path: Path) -> str:
    """SHA-256 of a file, as the card says it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
