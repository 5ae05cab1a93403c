"""A process that holds a gallery: ``python -m tests.security.face_child COMPOUND NAME FOLDER``.

It leaves a file NAME.VERSION.COUNT in the folder for each copy that it holds. While there is a file
NAME.deaf it takes nothing in, as a process that hangs.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django


def hold(compound_id: int, name: str, folder: Path) -> None:
    from residents.face_holder import FaceHolder
    from tests.residents.faces import ENGINE

    holder = FaceHolder(name, ENGINE)
    holder.keep([compound_id])
    while True:
        if not (folder / f"{name}.deaf").exists():
            holder.refresh()
        found = holder.gallery(compound_id)
        assert found is not None
        version = holder._held[compound_id].version
        (folder / f"{name}.{version}.{len(found[0])}").touch()
        time.sleep(0.05)


if __name__ == "__main__":
    django.setup()
    hold(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
