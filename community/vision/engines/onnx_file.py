"""Writes a small ONNX model byte by byte, so that nobody has to install the package `onnx`.

An ONNX file is a protobuf message; the field numbers are those of onnx.proto (IR version 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

FLOAT, UINT8, INT64 = 1, 2, 7
_IR_VERSION, _OPSET = 8, 17
_INT, _INTS = 2, 7
_TYPES = {"float32": FLOAT, "uint8": UINT8, "int64": INT64}
Shape = Sequence[int | str]


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # negative numbers are two's complement of 64 bits
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


class Graph:
    """A graph that grows node by node; each call gives the name of what the node makes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._count = 0

    def constant(self, values: NDArray[np.generic]) -> str:
        """Weights: float32 or int64."""
        name = self._new("w")
        array = np.ascontiguousarray(values)
        dims = b"".join(_number(1, side) for side in array.shape)
        kind = _number(2, _TYPES[array.dtype.name])
        self._constants.append(dims + kind + _bytes(8, name) + _bytes(9, array.tobytes()))
        return name

    def node(
        self,
        operator: str,
        *inputs: str,
        output: str = "",
        **attributes: int | Sequence[int],
    ) -> str:
        """One operator of the standard set."""
        name = output or self._new("t")
        made = b"".join(_bytes(1, one) for one in inputs) + _bytes(2, name) + _bytes(4, operator)
        for key, value in attributes.items():
            made += _bytes(5, _attribute(key, value))
        self._nodes.append(made)
        return name

    def model(self, given: tuple[str, int, Shape], made: tuple[str, int, Shape]) -> bytes:
        """The whole file; `given` and `made` are (name, element type, shape)."""
        graph = b"".join(_bytes(1, node) for node in self._nodes) + _bytes(2, self.name)
        graph += b"".join(_bytes(5, constant) for constant in self._constants)
        graph += _bytes(11, _value(*given)) + _bytes(12, _value(*made))
        opset = _bytes(1, "") + _number(2, _OPSET)
        return _number(1, _IR_VERSION) + _bytes(2, "linli") + _bytes(7, graph) + _bytes(8, opset)

    def _new(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"


def _attribute(name: str, value: int | Iterable[int]) -> bytes:
    if isinstance(value, int):
        return _bytes(1, name) + _number(3, value) + _number(20, _INT)
    return _bytes(1, name) + b"".join(_number(8, one) for one in value) + _number(20, _INTS)


def _value(name: str, kind: int, shape: Shape) -> bytes:
    sides = b"".join(
        _bytes(1, _number(1, side) if isinstance(side, int) else _bytes(2, side)) for side in shape
    )
    tensor = _number(1, kind) + _bytes(2, sides)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))
