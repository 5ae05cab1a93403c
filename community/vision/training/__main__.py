"""Trains, exports and measures the plate networks: `python -m community.vision.training --help`."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import cast

import cv2
import torch
from torch import nn

from community.vision.training import batches, finding, glyphs, learning, weights
from community.vision.training.nets import Finder, Reader
from community.vision.training.recipes import FINDER, READER, TORCH_SEED, Recipe

Network = Reader | Finder


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """See `--help`."""
    options = _options()
    if lacking := glyphs.missing():
        _tell(f"fonts missing: {', '.join(lacking)}; on Debian: apt-get install {glyphs.PACKAGES}")
        return 1
    cv2.setNumThreads(1)
    torch.set_num_threads(options.threads)
    torch.manual_seed(TORCH_SEED)
    options.folder.mkdir(parents=True, exist_ok=True)
    names = ["reader", "finder"] if options.network == "both" else [options.network]
    for name in names:
        _train(name, options)
    return 0


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m community.vision.training", description=__doc__)
    parser.add_argument("network", choices=["reader", "finder", "both"])
    parser.add_argument("--recipe", choices=["full", "short"], default="short")
    parser.add_argument("--folder", type=Path, default=Path("var/training"), help="rendered files")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="write the ONNX file that is shipped")
    return parser.parse_args()


def _train(name: str, options: Namespace) -> None:
    recipe = (READER if name == "reader" else FINDER)[options.recipe]
    started = time.monotonic()
    files = (batches.crop_files if name == "reader" else batches.scene_files)(
        options.folder, recipe
    )
    _tell(f"{name}: {len(files)} files rendered in {time.monotonic() - started:.0f} s")
    network: Network = weights.load(name) if recipe.tunes else _new(name)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    before = _measured(name, network, options.folder, device)
    network = _learnt(name, network, files, recipe, device)
    after = _measured(name, network, options.folder, device)
    _tell(f"{name}: held out {before} before, {after} after, {time.monotonic() - started:.0f} s")
    if options.keep:
        weights.export(network, weights.FILES[name])
        _tell(f"{name}: {weights.FILES[name]} {weights.digest(weights.FILES[name])}")


def _new(name: str) -> Network:
    return Reader() if name == "reader" else Finder()


def _learnt(
    name: str, network: Network, files: list[Path], recipe: Recipe, device: torch.device
) -> Network:
    given = batches.lines(files, recipe) if name == "reader" else batches.frames(files, recipe)
    loss = learning.reader_loss if name == "reader" else finding.loss_of
    network = network.to(device, memory_format=torch.channels_last)
    moved = (tuple(one.to(device) for one in batch) for batch in given)
    learnt: nn.Module = learning.train(
        network, moved, loss, steps=recipe.steps, most=recipe.rate, after=_say
    )
    return cast(Network, learnt.to("cpu"))


def _say(step: int, loss: float, _network: nn.Module) -> None:
    _tell(f"  step {step}: loss {loss:.3f}")


def _measured(name: str, network: Network, folder: Path, device: torch.device) -> str:
    """On what no file for training holds: texts read exactly, or plates found to a tenth."""
    network = network.to(device).eval()
    with torch.no_grad():
        if isinstance(network, Reader):
            return f"{learning.exact(network, device):.3f} exact"
        found, false = learning.found(network, folder, device)
        return f"{found:.3f} found, {false} false"


if __name__ == "__main__":
    sys.exit(main())
