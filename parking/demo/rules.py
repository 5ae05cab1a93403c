"""What parking costs in the demo: the version in force, and the draft for the next one."""

from __future__ import annotations

from dataclasses import replace

from parking.tariffs.rules import NEW_ENERGY, Rate, Rules, Window

DAYTIME = Window(7 * 60, 22 * 60, 60, 300, first_minutes=60, first_fen=500)
NIGHT = Window(22 * 60, 7 * 60, 0, 800)
RATE = Rate((DAYTIME, NIGHT), free_minutes=60, cap_day_fen=3000)
GREEN = Rate((DAYTIME, NIGHT), kinds=NEW_ENERGY, free_minutes=120, cap_day_fen=2000)
RULES = Rules((RATE, GREEN))
#: Half an hour as the step by day, a dearer night, a whole public holiday for one price.
HALF_HOURS = Window(7 * 60, 22 * 60, 30, 200, first_minutes=60, first_fen=400)
NEXT_RATE = replace(
    RATE,
    workdays=(HALF_HOURS, replace(NIGHT, step_fen=1000)),
    holidays=(Window(0, 0, 0, 1500),),
    cap_day_fen=3600,
)
NEXT = Rules((NEXT_RATE, replace(GREEN, workdays=NEXT_RATE.workdays)))
