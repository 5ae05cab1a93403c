"""Who may open what at the gates, on patrol, and while setting up."""

from __future__ import annotations

from tests.rights.rule import (
    ADMITTED,
    ANYBODY,
    GUARDS,
    INSTALLERS,
    MANAGERS,
    NOBODY,
    Rule,
    Table,
    tables,
)

FILMERS = GUARDS | INSTALLERS
LANE, PASSAGE, ALERT = {"key": "lanes"}, {"key": "passages"}, {"key": "alerts"}
HANDOVER, ROUND = {"key": "handovers"}, {"key": "rounds"}
DESK = {
    "guard": Rule(GUARDS),
    "guard-feed": Rule(GUARDS),
    "guard-lanes": Rule(GUARDS),
    "guard-decision": Rule(GUARDS),
    "guard-failed": Rule(GUARDS),
    "guard-alerts": Rule(GUARDS),
    "guard-alert-list": Rule(GUARDS),
    "guard-alert": Rule(GUARDS, ALERT),
    "guard-take-alert": Rule(GUARDS, ALERT, posts=True),
    "guard-assign-alert": Rule(GUARDS, ALERT, posts=True),
    "guard-close-alert": Rule(GUARDS, ALERT, posts=True),
    "guard-picture": Rule(GUARDS, {"key": "pictures"}, empty=True),
    "guard-still": Rule(GUARDS, LANE, empty=True),
    "guard-video": Rule(GUARDS, LANE, empty=True),
    "guard-lane-menu": Rule(GUARDS, LANE),
    "guard-open-lane": Rule(GUARDS, LANE, posts=True),
    "guard-keep-open": Rule(GUARDS, LANE, posts=True),
    "guard-release": Rule(GUARDS, LANE, posts=True),
    "guard-open": Rule(GUARDS, PASSAGE, posts=True),
    "guard-refuse": Rule(GUARDS, PASSAGE, posts=True),
    "guard-compare": Rule(GUARDS, PASSAGE, posts=True),
    "guard-face": Rule(GUARDS, PASSAGE),
    "guard-not-that-person": Rule(GUARDS, PASSAGE, posts=True),
    "guard-claim": Rule(GUARDS, PASSAGE, posts=True),
    "guard-plate": Rule(GUARDS, PASSAGE),
    "guard-find-plate": Rule(GUARDS, PASSAGE),
    "guard-correct": Rule(GUARDS, PASSAGE, posts=True),
    "guard-ticket-give": Rule(GUARDS, LANE, posts=True),
    "guard-entry-code": Rule(GUARDS, LANE),
    "guard-ticket-show": Rule(GUARDS, LANE, posts=True),
    "guard-ticket": Rule(GUARDS, {"key": "tickets"}),
    "guard-same-car": Rule(GUARDS, PASSAGE, posts=True),
    "guard-end-fire": Rule(GUARDS, {"key": "fires"}, posts=True),
    "way-audit": Rule(MANAGERS),
    "guard-inside": Rule(GUARDS),
    "guard-inside-paper": Rule(GUARDS),
    "guard-undo": Rule(GUARDS, {"key": "corrections"}, posts=True),
}
VISITORS = {
    "guard-visitors": Rule(GUARDS),
    "guard-visitor-left": Rule(GUARDS, {"key": "visits"}, posts=True),
    "guard-home-calls": Rule(GUARDS),
    "guard-call-home": Rule(GUARDS, posts=True),
    "guard-card-call": Rule(GUARDS, PASSAGE, posts=True),
    "guard-card-admit": Rule(GUARDS, PASSAGE, posts=True),
    "guard-card-hang-up": Rule(GUARDS, PASSAGE, posts=True),
    "guard-call-admit": Rule(GUARDS, {"key": "calls"}, posts=True),
    "guard-call-end": Rule(GUARDS, {"key": "calls"}, posts=True),
    # Of one's own home: nobody here has a file with a sign-in.
    "home-card-calls": Rule(NOBODY),
    "home-calls": Rule(NOBODY),
    "home-call-answer": Rule(NOBODY, {"pk": "calls"}, posts=True),
    "kiosk-visit": Rule(NOBODY, posts=True),
    "kiosk-visit-state": Rule(NOBODY, {"key": "calls"}),
    "kiosk-visit-end": Rule(NOBODY, {"key": "calls"}, posts=True),
}
DUTY = {
    "guard-change": Rule(GUARDS),
    "guard-shift": Rule(GUARDS),
    "guard-shift-history": Rule(GUARDS),
    "guard-handover": Rule(GUARDS, HANDOVER),
    "guard-handover-accept": Rule(GUARDS, HANDOVER, posts=True),
    "guard-handover-withdraw": Rule(GUARDS, HANDOVER, posts=True),
    "guard-patrols": Rule(GUARDS),
    "guard-patrol-rounds": Rule(GUARDS),
    "guard-patrol-round": Rule(GUARDS, ROUND),
    "guard-patrol-start": Rule(GUARDS, ROUND, posts=True),
    "guard-patrol-by-hand": Rule(GUARDS, ROUND | {"point": "points"}, posts=True),
    "guard-patrol-extra": Rule(GUARDS, {"key": "routes"}, posts=True),
    "guard-patrol-sheets": Rule(MANAGERS, {"key": "routes"}),
    "guard-patrol-sheet": Rule(MANAGERS, {"key": "points"}),
    "patrol-scan": Rule(GUARDS, {"secret": "codes"}),
}
FIRE, DEVICE = {"key": "fire_lanes"}, {"key": "devices"}
CAMERAS = {
    "cameras": Rule(FILMERS),
    "camera": Rule(FILMERS, {"key": "phones"}),
    "camera-seen": Rule(FILMERS, {"key": "phones"}),
    "camera-frames": Rule(FILMERS, {"key": "phones"}, posts=True),
}
SETUP = {
    "setup": Rule(INSTALLERS),
    "setup-new": Rule(NOBODY, operator=True),
    "setup-compound": Rule(MANAGERS),
    "setup-homes": Rule(MANAGERS),
    "setup-gates": Rule(INSTALLERS),
    "setup-camera": Rule(INSTALLERS, LANE),
    "setup-push": Rule(INSTALLERS, LANE),
    "setup-try-camera": Rule(INSTALLERS, LANE, posts=True),
    "setup-region": Rule(INSTALLERS, LANE),
    "setup-plate": Rule(INSTALLERS, LANE),
    "setup-look": Rule(INSTALLERS, LANE | {"purpose": "plate"}, posts=True),
    "setup-seen": Rule(INSTALLERS, LANE | {"purpose": "plate", "token": "none"}, empty=True),
    "setup-picture": Rule(INSTALLERS, LANE | {"token": "none"}, empty=True),
    "setup-confirm-plate": Rule(INSTALLERS, LANE | {"token": "none"}, posts=True),
    "setup-barrier": Rule(INSTALLERS, LANE),
    "setup-test": Rule(INSTALLERS, LANE, posts=True),
    "setup-tested": Rule(INSTALLERS, LANE | {"number": 1}, empty=True),
    "setup-confirm-test": Rule(INSTALLERS, LANE | {"number": 1}, posts=True),
    "setup-fire-lane": Rule(INSTALLERS, FIRE),
    "setup-fire-look": Rule(INSTALLERS, FIRE, posts=True),
    "setup-fire-seen": Rule(INSTALLERS, FIRE | {"token": "none"}, empty=True),
    "setup-fire-picture": Rule(INSTALLERS, FIRE | {"token": "none"}, empty=True),
    "setup-device": Rule(INSTALLERS, DEVICE),
    "setup-ask-device": Rule(INSTALLERS, DEVICE, posts=True),
    # The house's device is a barrier: it neither pushes nor has a picture.
    "setup-try-device": Rule(INSTALLERS, DEVICE, posts=True, empty=True),
    "setup-device-picture": Rule(INSTALLERS, DEVICE, empty=True),
    "setup-change-device": Rule(INSTALLERS, DEVICE),
    "setup-remove-device": Rule(INSTALLERS, DEVICE, posts=True),
    "setup-new-device": Rule(INSTALLERS, {"kind": "camera"}),
    "setup-people": Rule(MANAGERS),
    "setup-vehicle": Rule(MANAGERS),
}
#: The tablet at a gate speaks with its own key, and a visitor shows a secret; roles open neither.
KIOSK = {
    "kiosk": Rule(ANYBODY),
    "kiosk-bind": Rule(ANYBODY, posts=True),
    "kiosk-show": Rule(NOBODY, posts=True),
    "kiosk-frame": Rule(NOBODY, posts=True),
    "kiosk-face": Rule(NOBODY, posts=True),
    "kiosk-call": Rule(NOBODY, posts=True),
    "kiosk-alive": Rule(NOBODY),
    "visitor-pass": Rule(NOBODY, {"secret": "none"}),
}
API = {
    # Taken from a device with its key, or from an installer; tests/security/test_api_readings.py.
    # Anybody may send; without a device's secret nothing comes of it (tests/security/pushes).
    "device-push": Rule(ANYBODY, {"secret": "x", "kind": "nokia"}, empty=True),
    "device-push-more": Rule(ANYBODY, {"secret": "x", "kind": "nokia", "rest": "x"}, empty=True),
    "device-push-slash": Rule(ANYBODY, {"secret": "x", "kind": "nokia"}, empty=True),
    # Nobody is answered here but devices that proved themselves (tests/security/viid).
    "viid": Rule(ANYBODY, {"rest": "MotorVehicles"}, empty=True),
    "api-readings": Rule(NOBODY, posts=True, operator=False),
    "api-schema": Rule(ANYBODY),
    "api-docs": Rule(ANYBODY),
}
TABLES = {
    "security.passage": Table("passages", GUARDS),
    "security.reading": Table("readings", GUARDS),
    "security.picture": Table("pictures", GUARDS),
    "security.keepopen": Table("keep-opens", GUARDS),
    "security.alert": Table("alerts", GUARDS),
    "security.patrolpoint": Table(
        "points", MANAGERS, add=MANAGERS, deeds={"sheet": MANAGERS, "renew": MANAGERS}
    ),
    "security.patrolroute": Table("routes", MANAGERS, add=MANAGERS, deeds={"sheets": MANAGERS}),
    "security.patrolround": Table("rounds", GUARDS, deeds={"open_page": GUARDS}),
    "security.watchentry": Table("watches", MANAGERS, add=MANAGERS, deeds={"end_entry": MANAGERS}),
    "security.facerule": Table("face_rules", INSTALLERS, add=INSTALLERS),
    "security.upperplatform": Table(
        "uppers", INSTALLERS, add=INSTALLERS, deeds={"test": INSTALLERS}
    ),
    "security.upperrefusal": Table("refusals", MANAGERS, deeds={"send_again": MANAGERS}),
    "security.watchhit": Table("hits", MANAGERS),
    "security.handover": Table("handovers", GUARDS, deeds={"open_page": GUARDS}),
}
LISTS = {
    "admin:security_patrolround_export_all": Rule(GUARDS & ADMITTED),
    "admin:security_handover_export_all": Rule(GUARDS & ADMITTED),
}
RULES = DESK | VISITORS | DUTY | CAMERAS | SETUP | KIOSK | API | LISTS | tables(TABLES)
