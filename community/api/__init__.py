"""`/api/v1/` of the floor: places, devices, the ledger, users, webhooks."""
