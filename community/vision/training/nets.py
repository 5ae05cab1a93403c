"""The two networks: a reader of lines and a finder of plates. Torch; only for training."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from community.vision.plate_alphabet import CHARACTERS, PLACES

TRUST = 0.75  # what `First` says of the first character counts so much, its place's map the rest
LEFT = 40  # columns of a line, of 112, in which its first character stands


def conv(into: int, out: int, size: int = 3, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    """Convolution, normalisation, rectifier."""
    return nn.Sequential(
        nn.Conv2d(into, out, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two convolutions whose sum with their input goes on."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv(width, width),
            nn.Conv2d(width, width, 3, 1, 1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, features: Tensor) -> Tensor:
        out: Tensor = torch.relu(features + self.body(features))
        return out


def normal(pictures: Tensor) -> Tensor:
    """(N, H, W, 3) bytes as (N, 3, H, W), each picture of mean 0 and deviation about 1."""
    plain = pictures.permute(0, 3, 1, 2).float()
    mean = plain.mean(dim=(1, 2, 3), keepdim=True)
    spread = ((plain - mean) ** 2).mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return (plain - mean) / (spread + 6.0)


class First(nn.Module):
    """The left of a line in, what the first character is out: (N, characters) logits.

    A Chinese character is known by where its strokes stand, and `Reader` averages over where it
    looks. So the first place, whose character stands at the same spot in every line, is looked at
    by a net of its own that keeps each stroke's position.
    """

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv(3, 24, 5, 2),
            conv(24, 32),
            Residual(32),
            conv(32, 64, 3, 2),
            Residual(64),
            conv(64, 32, 1),
        )
        self.what = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(32 * 8 * LEFT // 4, 128),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(128, len(CHARACTERS)),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 32, 112, 3) bytes to (N, characters)."""
        left = normal(pictures[:, :, :LEFT])
        out: Tensor = self.what(self.body(left.contiguous(memory_format=torch.channels_last)))
        return out


class Reader(nn.Module):
    """A line in, the log probabilities of each place's character out.

    Every place looks for its character anywhere in the line by a map of attention of its own; so
    there is no alignment to be learnt, as with CTC, and no plateau before anything is read. The
    first place is looked at a second time (`First`).
    """

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.first = First()
        self.body = nn.Sequential(
            conv(3, 24, 5, 2),
            conv(24, 32),
            conv(32, 48, 3, 2),
            Residual(48),
            conv(48, 80, 3, (2, 1)),
            Residual(80),
        )
        self.where = nn.Conv2d(80, PLACES, 1)
        self.bias = nn.Parameter(torch.zeros(1, PLACES, 4, 28))
        self.place = nn.Parameter(torch.zeros(1, PLACES, 80))
        self.what = nn.Sequential(
            nn.Linear(80, 128),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(128, len(CHARACTERS)),
        )
        with torch.no_grad():  # begin where a plate's characters stand
            columns = torch.arange(28).float()
            for place in range(PLACES):
                off = (columns - (1.5 + place * 3.6)) / 2.5
                self.bias[0, place] -= off**2

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 32, 112, 3) bytes to (N, 9, characters) log probabilities."""
        features = self.body(normal(pictures).contiguous(memory_format=torch.channels_last))
        maps = (self.where(features) + self.bias).flatten(2).softmax(dim=2)
        seen = maps @ features.flatten(2).transpose(1, 2)
        said = self.what(seen + self.place)
        first = said[:, :1] * (1 - TRUST) + self.first(pictures)[:, None] * TRUST
        out: Tensor = torch.cat((first, said[:, 1:]), dim=1).log_softmax(dim=2)
        return out


class Finder(nn.Module):
    """A frame in, for each 8 x 8 cell whether a plate's middle is there, and its four corners.

    Corners are given from the cell's middle in units of 32 pixels, clockwise from the upper left.
    """

    def __init__(self) -> None:
        super().__init__()
        self.near = nn.Sequential(conv(3, 16, 3, 2), conv(16, 24, 3, 2), conv(24, 48, 3, 2))
        self.far = nn.Sequential(
            conv(48, 64, 3, 2),
            Residual(64),
            _wide(64, 2),
            _wide(64, 4),
            _wide(64, 2),
            conv(64, 48, 1),
            nn.Upsample(scale_factor=2.0, mode="nearest"),
        )
        self.both = nn.Sequential(conv(48, 32), conv(32, 32))
        self.there = nn.Conv2d(32, 1, 1)
        self.corners = nn.Conv2d(32, 8, 1)
        nn.init.constant_(self.there.bias, -4.0)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """(N, H, W, 3) bytes, H and W multiples of 16, to (N, H/8, W/8) logits and
        (N, 8, H/8, W/8) corners x, y, x, y, ..."""
        plain = pictures.permute(0, 3, 1, 2).float() / 64.0 - 2.0
        near = self.near(plain.contiguous(memory_format=torch.channels_last))
        both = self.both(near + self.far(near))
        return self.there(both)[:, 0], self.corners(both)


def _wide(width: int, apart: int) -> nn.Sequential:
    """A convolution that looks `apart` cells away."""
    return nn.Sequential(
        nn.Conv2d(width, width, 3, 1, apart, dilation=apart, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    )
