"""Who may open which address: one table for each app, and one test that asks every address."""
