"""The floor: people, places, devices, the ledger, and the Django project itself."""
