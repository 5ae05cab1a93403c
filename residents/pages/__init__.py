"""The residents' pages below /home/."""
