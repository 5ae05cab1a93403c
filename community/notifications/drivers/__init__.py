"""One file per provider; see ``community.notifications.base`` for the contract."""
