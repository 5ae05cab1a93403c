"""One process that watches a group of cameras: frames in, readings handed over, health told."""

from security.worker.group import Worker, load_engine

__all__ = ["Worker", "load_engine"]
