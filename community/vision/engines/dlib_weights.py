"""The weights of dlib's face encoder, read from its own file without dlib.

`dlib_face_recognition_resnet_model_v1.dat` is dlib's serialisation of a network of 29 convolutions
(a ResNet for chips of 150 x 150): integers as a control byte (sign, byte count) and little-endian
bytes, floats as mantissa and exponent, tensors as version 2, four sizes, raw float32.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 150
_INPUT = b"\x01\x15input_rgb_image_sized"
_NAME = re.compile(rb"\x01[\x04-\x0d](con_4|affine_|relu_1|max_pool_2|avg_pool_2|add_prev_1|fc_2)")
_WINDOW = ("nr", "nc", "sy", "sx", "py", "px")


class WeightsError(ValueError):
    """The file is not the network that is known here."""


@dataclass(frozen=True)
class Layer:
    """One layer: `kind` is con, affine, relu, max_pool, avg_pool, add_prev or fc."""

    kind: str
    numbers: dict[str, int] = field(default_factory=dict)
    arrays: dict[str, NDArray[np.float32]] = field(default_factory=dict)


class _Stream:
    def __init__(self, data: bytes, position: int) -> None:
        self.data, self.position = data, position

    def integer(self) -> int:
        head = self.data[self.position]
        count = head & 15
        start = self.position + 1
        self.position = start + count
        value = int.from_bytes(self.data[start : self.position], "little")
        return -value if head & 128 else value

    def real(self) -> float:
        mantissa = self.integer()
        return float(mantissa * 2.0 ** self.integer())

    def window(self) -> dict[str, int]:
        return {key: self.integer() for key in _WINDOW}

    def tensor(self) -> NDArray[np.float32]:
        if self.integer() != 2:
            raise WeightsError("a tensor of an unknown version")
        shape = [self.integer() for _ in range(4)]
        count = int(np.prod(shape))
        if not 0 < count <= (len(self.data) - self.position) // 4:
            raise WeightsError("a tensor reaches beyond the file")
        values = np.frombuffer(self.data, "<f4", count, self.position).reshape(shape)
        self.position += 4 * count
        return np.asarray(values, np.float32)


def read(data: bytes) -> tuple[list[float], list[Layer]]:
    """The mean colour (red, green, blue) and the layers in the order in which they are computed.

    Raises WeightsError for any other file.
    """
    begin = data.find(_INPUT)
    if begin < 0:
        raise WeightsError("no network for face chips in this file")
    stream = _Stream(data, begin + len(_INPUT))
    try:
        mean = [stream.real() for _ in range(3)]
        if (stream.integer(), stream.integer()) != (SIDE, SIDE):
            raise WeightsError("a network for another size of chips")
        layers = []
        while found := _NAME.search(data, stream.position):
            stream.position = found.end()
            layers.append(_layer(found.group(1).decode().rstrip("_0123456789"), stream))
    except IndexError as error:
        raise WeightsError("the file ends too early") from error
    return mean, layers


def _layer(kind: str, stream: _Stream) -> Layer:
    numbers: dict[str, int] = {}
    arrays: dict[str, Any] = {}
    if kind == "con":
        values = stream.tensor().ravel()
        filters = stream.integer()
        numbers = {"filters": filters, **stream.window()}
        shape = filters, -1, numbers["nr"], numbers["nc"]
        arrays = {"bias": values[-filters:], "weight": values[:-filters].reshape(shape)}
    elif kind == "affine":
        values = stream.tensor().ravel()
        half = values.size // 2
        arrays = {"gamma": values[:half], "beta": values[half:]}
    elif kind.endswith("pool"):
        numbers = stream.window()
    elif kind == "fc":
        numbers = {"out": stream.integer(), "in": stream.integer()}
        arrays = {"weight": stream.tensor().reshape(numbers["in"], numbers["out"])}
    return Layer(kind, numbers, arrays)
