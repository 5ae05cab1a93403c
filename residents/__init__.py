"""People, homes, registration, ways in, consent, visits."""
