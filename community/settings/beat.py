"""What the clock does, and how often: one table for all apps."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "run-handlers": {"task": "community.run_handlers", "schedule": 1.0},
    "publish-notices": {"task": "residents.publish_notices", "schedule": 15.0},
    "remind-requests": {"task": "residents.remind_requests", "schedule": 600.0},
    "deliver-messages": {"task": "community.deliver_messages", "schedule": 1.0},
    "sweep-commands": {"task": "community.sweep_commands", "schedule": 1.0},
    "check-devices": {"task": "community.check_devices", "schedule": 15.0},
    "deliver-webhooks": {"task": "community.deliver_webhooks", "schedule": 1.0},
    "forget-deliveries": {"task": "community.forget_deliveries", "schedule": 3600.0},
    "retire-records": {"task": "community.retire_records", "schedule": 3600.0},
    "forget-sign-ins": {"task": "community.forget_sign_ins", "schedule": 3600.0},
    "apply-imports": {"task": "parking.apply_imports", "schedule": 1.0},
    "apply-resident-lists": {"task": "residents.apply_lists", "schedule": 1.0},
    "fill-receipts": {"task": "residents.fill_receipts", "schedule": 1.0},
    "tidy-resident-lists": {"task": "residents.tidy_lists", "schedule": 3600.0},
    "close-payments": {"task": "parking.close_payments", "schedule": 30.0},
    # The providers make yesterday's list between nine and ten in the morning.
    "reconcile-payments": {
        "task": "parking.reconcile_payments",
        "schedule": crontab(hour=10, minute=30),
    },
    "tidy-imports": {"task": "parking.tidy_imports", "schedule": 3600.0},
    # By night, and again by day: a machine that is off at night has a clock too
    "run-clock": {"task": "residents.run_clock", "schedule": crontab(hour="2,9", minute=10)},
    # Between the hour that decides on a night and the office's morning.
    "note-overnight": {"task": "parking.note_overnight", "schedule": crontab(hour=5, minute=40)},
    "remind-permits": {"task": "parking.remind_permits", "schedule": crontab(hour=9, minute=20)},
    "push-allow-lists": {"task": "parking.push_allow_lists", "schedule": 300.0},
    "tidy-holds": {"task": "parking.tidy_holds", "schedule": 3600.0},
    "weigh-signs": {"task": "residents.weigh_signs", "schedule": crontab(hour=6, minute=0)},
    "retire-files": {"task": "residents.retire_files", "schedule": crontab(hour=4, minute=20)},
    "forget-resident-codes": {"task": "residents.forget_sign_ins", "schedule": 3600.0},
    "find-overstays": {"task": "residents.find_overstays", "schedule": 300.0},
    "resolve-lockers": {"task": "parcels.resolve_left", "schedule": 10.0},
    "watch-lockers": {"task": "parcels.watch_banks", "schedule": 15.0},
    "remind-parcels": {"task": "parcels.climb", "schedule": 600.0},
    "chase-blocked-cars": {"task": "parking.chase_blocked", "schedule": 60.0},
    "settle-fire-lanes": {"task": "parking.settle_fire_lanes", "schedule": 60.0},
    "retire-car-reports": {"task": "parking.retire", "schedule": 3600.0},
    "retire-parcels": {"task": "parcels.retire", "schedule": 3600.0},
    "assume-crossings": {"task": "security.assume_crossings", "schedule": 1.0},
    "retire-pictures": {"task": "security.retire_pictures", "schedule": 3600.0},
    "prove-face-erasures": {"task": "residents.prove_erasures", "schedule": 30.0},
    "watch-over": {"task": "residents.watch_over", "schedule": 1800.0},
    "watch-doors": {"task": "security.watch_doors", "schedule": 2.0},
    "watch-patrols": {"task": "security.watch_patrols", "schedule": 30.0},
    "speak-upward": {"task": "security.speak_upward", "schedule": 2.0},
    "push-demo": {"task": "security.push_demo", "schedule": 20.0},
    "sweep-looks": {"task": "security.sweep_looks", "schedule": 600.0},
}
