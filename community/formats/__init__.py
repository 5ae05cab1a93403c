"""How dates and times are written where a language's usual way is not ours."""
