"""QR codes that a page draws itself."""

from __future__ import annotations

import io
from typing import Any

import segno


def code_picture(text: str) -> dict[str, Any]:
    """A code as one SVG path: ``path``, its ``transform``, and ``side`` in modules."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True)
    drawn = out.getvalue().decode()
    return {
        "path": drawn.partition(' d="')[2].partition('"')[0],
        "transform": drawn.partition(' transform="')[2].partition('"')[0],
        "side": code.symbol_size(border=2)[0],
    }
