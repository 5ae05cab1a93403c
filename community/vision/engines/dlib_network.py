"""dlib's face encoder as an ONNX model: raw chips in, vectors out, all scaling folded in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from community.vision.engines.dlib_weights import SIDE, Layer, WeightsError, read
from community.vision.engines.onnx_file import FLOAT, UINT8, Graph

SIZE = 128
Shape = tuple[int, int, int]  # channels, height, width


class _Builder:
    """Walks the layers; remembers the tensor, its shape, and the block's shortcut."""

    def __init__(self, mean: list[float]) -> None:
        self.graph = Graph("dlib_face_recognition_resnet_model_v1")
        self.mean = np.array(mean, np.float64)
        planes = self.graph.node("Cast", "chips", to=FLOAT)
        self.tensor = self.graph.node("Transpose", planes, perm=[0, 3, 1, 2])
        self.shape: Shape = (3, SIDE, SIDE)
        self.shortcut: tuple[str, Shape] | None = None
        self.started = False

    def convolution(self, layer: Layer, affine: Layer) -> None:
        """A convolution with the affine layer that always follows it folded in."""
        if self.started and self.shortcut is None:
            self.shortcut = self.tensor, self.shape
        weight = layer.arrays["weight"].astype(np.float64)
        bias = layer.arrays["bias"].astype(np.float64)
        if not self.started:
            # Without padding, dlib's (pixel - mean) / 256 folds into the first weights.
            weight = weight / 256
            bias = bias - (weight * self.mean[None, :, None, None]).sum((1, 2, 3))
            self.started = True
        gain = affine.arrays["gamma"].astype(np.float64)
        self._add_convolution(
            layer.numbers,
            weight * gain[:, None, None, None],
            bias * gain + affine.arrays["beta"],
        )

    def _add_convolution(self, n: dict[str, int], weight: Any, bias: Any) -> None:
        self.tensor = self.graph.node(
            "Conv",
            self.tensor,
            self.graph.constant(weight.astype(np.float32)),
            self.graph.constant(bias.astype(np.float32)),
            kernel_shape=[n["nr"], n["nc"]],
            strides=[n["sy"], n["sx"]],
            pads=[n["py"], n["px"]] * 2,
        )
        self.shape = (n["filters"], *_moved(self.shape, n))

    def pool(self, layer: Layer) -> None:
        n = layer.numbers
        if layer.kind == "max_pool":
            window, steps = [n["nr"], n["nc"]], [n["sy"], n["sx"]]
            self.tensor = self.graph.node(
                "MaxPool", self.tensor, kernel_shape=window, strides=steps
            )
            self.shape = (self.shape[0], *_moved(self.shape, n))
        elif self.shortcut is not None:  # the shortcut of a block that halves the picture
            name, (channels, height, width) = self.shortcut
            name = self.graph.node("AveragePool", name, kernel_shape=[2, 2], strides=[2, 2])
            self.shortcut = name, (channels, height // 2, width // 2)
        else:
            pooled = self.graph.node("GlobalAveragePool", self.tensor)
            self.tensor = self.graph.node("Flatten", pooled)

    def add(self) -> None:
        """Shortcut and block together; dlib fills up the smaller of the two with noughts."""
        if self.shortcut is None:
            raise WeightsError("an addition without its shortcut")
        other, shape = self.shortcut
        whole = (
            max(shape[0], self.shape[0]),
            max(shape[1], self.shape[1]),
            max(shape[2], self.shape[2]),
        )
        parts = self._filled(self.tensor, self.shape, whole), self._filled(other, shape, whole)
        self.tensor = self.graph.node("Add", *parts)
        self.shape, self.shortcut = whole, None

    def _filled(self, name: str, shape: Shape, whole: Shape) -> str:
        if shape == whole:
            return name
        missing = [wanted - there for wanted, there in zip(whole, shape, strict=True)]
        pads = np.array([0] * 5 + missing, np.int64)
        return self.graph.node("Pad", name, self.graph.constant(pads))

    def end(self, weight: NDArray[np.float32]) -> bytes:
        if weight.shape[1] != SIZE:
            raise WeightsError("vectors of another size")
        self.graph.node("MatMul", self.tensor, self.graph.constant(weight), output="vectors")
        return self.graph.model(
            ("chips", UINT8, ("n", SIDE, SIDE, 3)), ("vectors", FLOAT, ("n", SIZE))
        )


def _moved(shape: Shape, n: dict[str, int]) -> tuple[int, int]:
    down = 1 + (shape[1] + 2 * n["py"] - n["nr"]) // n["sy"]
    across = 1 + (shape[2] + 2 * n["px"] - n["nc"]) // n["sx"]
    return down, across


def convert(weights: bytes) -> bytes:
    """The ONNX file of the network in dlib's weights file. Raises WeightsError."""
    mean, layers = read(weights)
    builder = _Builder(mean)
    for number, layer in enumerate(layers):
        if layer.kind == "con":
            follows = layers[number + 1] if number + 1 < len(layers) else layer
            if follows.kind != "affine":
                raise WeightsError("a convolution without its affine layer")
            builder.convolution(layer, follows)
        elif layer.kind == "relu":
            builder.tensor = builder.graph.node("Relu", builder.tensor)
        elif layer.kind.endswith("pool"):
            builder.pool(layer)
        elif layer.kind == "add_prev":
            builder.add()
        elif layer.kind == "fc":
            return builder.end(layer.arrays["weight"])
    raise WeightsError("the network has no end")
