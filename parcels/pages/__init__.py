"""Pages of couriers, recipients, the tablet at a locker, and of the desk."""
