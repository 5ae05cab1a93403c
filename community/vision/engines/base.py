"""What every engine file needs."""


class EngineUnavailable(RuntimeError):
    """An engine's vendor library or model is missing on this machine; the message says which."""
