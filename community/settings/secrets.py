"""Secrets that the embedded mode makes for itself at first start."""

import os
import secrets
from pathlib import Path


def read_or_make(path: Path) -> str:
    """The secret kept in ``path``; made once, readable by its owner only.

    Two processes that start together agree: the first to create the file wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
