"""Whether every way in is as good as the others: waiting and refusals, counted."""
