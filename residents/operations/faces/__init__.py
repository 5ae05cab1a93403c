"""Faces: consent, template, thresholds, erasure with its proof."""
