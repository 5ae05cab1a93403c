"""The first sign-in of an empty installation, made with a code that only the terminal shows."""
