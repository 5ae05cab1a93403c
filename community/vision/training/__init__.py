"""Rendered plates, and the networks trained on them. Needs the training group of packages.

`make train-check`, or `python -m community.vision.training --help`; the card beside the weights
tells what came of it. Running Linli needs nothing of this.
"""
