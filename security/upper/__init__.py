"""Vehicle passages told to platforms above us by GA/T 1400. Off until a person switches it on."""
