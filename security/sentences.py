"""One sentence for each rule of the gate: what is, then what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community.verdicts import Sentence, explain
from residents.pass_words import home_or_courier

SENTENCES: dict[str, Sentence] = {
    # Time
    "reading_too_old": _("This picture is %(age)s s old. Kept for the record; it opens nothing."),
    "reading_from_future": _(
        "The device's clock is %(age)s s ahead. Kept for the record; set the clock right."
    ),
    "reading_time_unsure": _(
        "The device's clock jumped. Kept for the record; look at the lane itself."
    ),
    "reading_history": _("An earlier record that arrived later. Kept for the record."),
    "decided_too_late": _("The decision took too long. Look at the car, then open by hand."),
    # What was read
    "plate_not_read": _("The plate could not be read. Look at the picture and choose the car."),
    "plate_unsure": _("The plate was read, but not surely. Compare it with the picture."),
    "plate_corrected": _("The plate was put right by hand. Compare the car, then open."),
    # The lane
    "lane_kept_open": _("The lane is being kept open, so the car drives through."),
    "lane_not_in_use": _("This lane is out of use. Send the car to another one."),
    "lane_not_for_vehicles": _("This gate is for people on foot. The car has to use another one."),
    "shown_too_late": _("This took too long. Please show it once more."),
    "lane_not_for_people": _("This lane is for cars. People use the gate beside it."),
    "face_of_another": _(
        "A guard says that this is somebody else. Ask who they are and where they go."
    ),
    "lane_without_door": _("This gate has no door that Linli can open. Open it yourself."),
    "lane_without_barrier": _(
        "This lane has no barrier that Linli can open. Let the car through yourself."
    ),
    "terminal_granted": _("The terminal at the door recognised somebody and opened by itself."),
    "terminal_refused": _("The terminal at the door did not let somebody in. Look who it is."),
    # The barrier
    "barrier_failed": _("The barrier did not open. Try again, or use the button beside it."),
    "barrier_unknown": _(
        "The barrier did not answer; it may be open. Look first, then open by hand if needed."
    ),
    "opened_by_hand": _("Opened by hand."),
    "watch_listed": _("Please compare with the manager's note on the card, then decide."),
    # What cannot be taken
    "device_unknown": _("No device in use is known under this number."),
    "device_not_of_lane": _("This device does not belong to the lane it names."),
    "device_without_lane": _("This device belongs to no lane yet. Give it one under Devices."),
    "device_of_many_lanes": _("This device watches several lanes. Say which one in “lane”."),
    "reading_forgotten": _("This reading was taken before, and its passage has been erased."),
    "picture_too_large": _("The picture is over 12 MB. Send a smaller one."),
    "picture_too_many_pixels": _("The picture has over 40 million pixels. Send a smaller one."),
    "picture_not_a_picture": _("This is no picture that can be read. Send a JPEG or PNG."),
    "picture_truncated": _("The picture is cut off or damaged. Send it again."),
    # Alerts
    "alert.kiosk_call": _("Somebody at %(name)s asks for a guard."),
    "alert.pins_guessed": _(
        "At %(name)s somebody tries PINs of many homes. The pad is slowed down; look who it is."
    ),
    "alert.door_held": _("%(name)s stands open. Look whether somebody holds it, then shut it."),
    "alert.door_forced": _("%(name)s was opened by nothing that we know. Go and look now."),
    "alert.fire_alarm": _("Fire alarm at %(name)s. Exit doors stand open; take the roll outside."),
    "alert.watch_hit": _("%(name)s: please look at the card and compare with the note."),
    "alert.locker_forced": _(
        "%(name)s: compartment %(number)s was opened by nothing that we know. Go and look now."
    ),
    "alert.locker_all_open": _(
        "%(name)s: %(open)s of %(doors)s doors stand open. Go and look now; "
        "if they are shut, tell the installer."
    ),
    "alert.locker_left_open": _("%(name)s: compartment %(number)s stands open. Please shut it."),
    "alert.locker_codes_guessed": _(
        "At %(name)s somebody tries codes. It takes none for a while; look who it is."
    ),
    "alert.visit_overstayed": home_or_courier(
        _("A visitor of %(home)s is still inside, more than an hour past the end. Call the home."),
        _("A courier is still inside, more than an hour past their hours. Look for them."),
    ),
    "alert.face_kept": _(
        "A face that was erased may still be held by: %(holders)s. Restart it, or tell the manager."
    ),
    "alert.device_offline": _("%(name)s does not answer. Check its power and network."),
    "alert.device_faulty": _("%(name)s reports a fault. Have it looked at."),
    "alert.camera_failed": _("%(name)s gives no picture. It is being tried again."),
    "alert.command_failed": _("%(name)s refused an order. Open at the barrier itself."),
    "alert.command_unknown": _("%(name)s did not answer an order. Look whether it is open."),
    "alert.release_failed": _("%(name)s may still stand open. Close it at the barrier itself."),
    "alert.patrol_late": _(
        "Patrol “%(name)s” of %(time)s has not begun. Send somebody on the round."
    ),
    "alert.patrol_missed": _("Patrol “%(name)s” of %(time)s was not walked. Ask the guard why."),
    "alert.patrol_incomplete": _(
        "Patrol “%(name)s” of %(time)s left out points: %(missed)s. Look at them now."
    ),
    "alert.disk_full": _("No room is left for pictures. The gates go on without them; make room."),
}

for code, text in SENTENCES.items():
    explain(code, text)
