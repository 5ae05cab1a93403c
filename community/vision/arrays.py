"""Names for the arrays that pass between the modules of vision."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]  # (height, width, 3), blue green red
Grey = NDArray[np.uint8]  # (height, width)
Floats = NDArray[np.floating[Any]]
