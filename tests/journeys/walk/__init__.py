"""Every page of every door, from the list of addresses, as whoever it is for sees it."""
