"""GA/T 1400: devices and gateways that register here, and the vehicles they tell of."""
