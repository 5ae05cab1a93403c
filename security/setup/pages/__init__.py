"""The pages of the guided set-up: thin callers of its operations."""
