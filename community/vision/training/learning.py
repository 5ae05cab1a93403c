"""How a network is trained here: AdamW, a warm start, a cosine's end, averaged weights."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from community.vision.engines.linli_nets import peaks
from community.vision.training import scenes, shards
from community.vision.training.recipes import HELD_OUT


class Averaged:
    """A copy of a network whose weights follow the trained one's slowly; it reads better."""

    def __init__(self, network: nn.Module, keep: float = 0.998) -> None:
        self.network = copy.deepcopy(network).eval()
        self._keep, self._steps = keep, 0

    def follow(self, network: nn.Module) -> None:
        """Take a step toward the network; quicker at first."""
        self._steps += 1
        keep = min(self._keep, (1 + self._steps) / (10 + self._steps))
        with torch.no_grad():
            ours, theirs = self.network.state_dict(), network.state_dict()
            for name, value in ours.items():
                if value.dtype.is_floating_point:
                    value.lerp_(theirs[name].to(value.dtype), 1 - keep)
                else:
                    value.copy_(theirs[name])


def rate(step: int, steps: int, most: float, warm: int = 300) -> float:
    """The learning rate at a step: a line up, then half a cosine down to a hundredth."""
    if step < warm:
        return most * (step + 1) / warm
    part = min(1.0, (step - warm) / max(1, steps - warm))
    return most * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * part)))


def train(
    network: nn.Module,
    batches: Iterable[Any],
    loss_of: Callable[[nn.Module, Any], Tensor],
    *,
    steps: int,
    most: float,
    after: Callable[[int, float, nn.Module], None] | None = None,
) -> nn.Module:
    """Train for `steps` batches; gives the averaged network. `after` sees each hundredth step."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=most, weight_decay=0.01)
    averaged, running = Averaged(network), 0.0
    network.train()
    for step, batch in enumerate(batches):
        if step >= steps:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps, most)
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(network, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        averaged.follow(network)
        running += (float(loss.detach()) - running) / min(step + 1, 100)
        if after and step % 100 == 99:
            after(step + 1, running, averaged.network)
    return averaged.network


def reader_loss(network: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    """Cross entropy of every place, a little smoothed."""
    table = network(batch[0])
    loss: Tensor = nn.functional.nll_loss(table.flatten(0, 1), batch[1].flatten())
    return loss - 0.02 * table.mean()


def exact(reader: nn.Module, device: torch.device, count: int = 600) -> float:
    """Share of held-out rendered lines whose every place is right, without the grammar."""
    pictures, labels = shards.render(HELD_OUT, count, (0.0, 1.0))
    right = 0
    for start in range(0, count, 100):
        table = reader(torch.from_numpy(pictures[start : start + 100]).to(device))
        said = table.argmax(dim=2).cpu().numpy()
        right += int((said == labels[start : start + 100]).all(axis=1).sum())
    return right / count


def found(finder: nn.Module, folder: Path, device: torch.device) -> tuple[float, int]:
    """Of held-out rendered scenes: share of plates found with corners within a tenth of their
    width, and how many were found where none is."""
    with np.load(scenes.write(folder, HELD_OUT, 200)) as file:
        pictures, corners = file["pictures"], file["corners"]
    plates = hits = false = 0
    for picture, wanted in zip(pictures, corners, strict=True):
        logits, answer = finder(torch.from_numpy(picture[None]).to(device))
        said = peaks(logits[0].sigmoid().cpu().numpy(), answer[0].cpu().numpy())
        for quad in wanted[~np.isnan(wanted).any(axis=(1, 2))]:
            plates += 1
            near = [one for one, _ in said if _near(one, quad, 0.1)]
            hits += bool(near)
        false += sum(
            not any(_near(one, quad, 0.5) for quad in wanted if not np.isnan(quad).any())
            for one, _ in said
        )
    return hits / max(plates, 1), false


def _near(one: np.ndarray, other: np.ndarray, part: float) -> bool:
    width = float(np.linalg.norm(other[1] - other[0]))
    return float(np.abs(one - other).max()) < part * width
