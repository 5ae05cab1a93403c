"""The office's pages about money: tariffs with examples, shifts, reconciliation."""
