"""One file per protocol; its name is the driver's name."""
