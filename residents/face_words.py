"""What is said of faces: to whoever is enrolled, and to who was mistaken for somebody else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community import notifications, verdicts
from community.notifications import kinds

#: What to do about a picture, by the code that `community.vision.faces.quality.judge` gives.
PICTURE_FAULTS = {
    "too_large": _("This file is too large. Send a picture of at most 12 MB."),
    "too_many_pixels": _("This picture has too many pixels. Take it with a smaller size."),
    "not_a_picture": _("This is no picture. Send a photo as JPEG, PNG, WebP or HEIC."),
    "truncated": _("This picture is cut off or damaged. Take it again."),
    "too_small": _("This picture is too small. Take a larger one."),
    "no_face": _("No face can be seen. Look straight at the camera."),
    "several_faces": _("There is more than one face. Take the picture alone."),
    "not_a_photo": _("This looks like a drawing or a picture of a screen. Take a photo."),
    "face_small": _("The face is too small. Come nearer."),
    "face_cut": _("Part of the face is missing. Keep the whole face in the picture."),
    "too_dark": _("It is too dark. Turn to the light."),
    "too_bright": _("It is too bright. Step out of the glare."),
    "no_contrast": _("The face can hardly be made out. Find even light from the front."),
    "turned": _("The head is turned away. Turn to the camera."),
    "nodded": _("The head looks up or down. Hold the camera level with the eyes."),
    "tilted": _("The head is tilted. Hold it upright."),
    "blurred": _("The picture is blurred. Hold still, and wipe the lens."),
    "unclear": _("The face cannot be seen clearly. Take off mask and sunglasses."),
}

#: What the page with the camera says; ``#`` stands for a number.
CAMERA_WORDS = {
    "ready": _("Look straight at the camera, the face within the oval."),
    "shoot": _("Take picture #"),
    "more": _("Take one more"),
    "wait": _("One moment"),
    "next": _("Good. # still to take."),
    "enough": _("That is enough. Enrol the face now."),
    "sending": _("The face is being enrolled"),
    "alt": _("Picture #"),
    "failed": _("There was no answer. Check the network and try again."),
    "none": _("No camera can be used here. Choose pictures instead."),
    "insecure": _(
        "The browser gives its camera to secure addresses only. Open this page by https, or choose "
        "pictures."
    ),
    "denied": _("The camera was not allowed. Allow it in the browser, or choose pictures."),
}

notifications.declare(
    "residents.face_mistaken",
    _("Somebody was taken for you"),
    ladder=kinds.EVERYBODY,
    path="/home/",
)
notifications.declare(
    "residents.face_of_age",
    _("Your face at the door: your decision now"),
    ladder=kinds.EVERYBODY,
    path="/home/face/",
)
notifications.declare(
    "residents.face_of_age_guardian",
    _("Your child decides about their face now"),
    ladder=kinds.EVERYBODY,
    path="/home/",
)
verdicts.explain(
    "residents.face_mistaken",
    _(
        "At a door somebody else was taken for you. From now on the door looks more closely; "
        "if your face is not known, use another way in."
    ),
)
verdicts.explain(
    "residents.face_of_age",
    lambda facts: (
        _(
            "You are 14 now and decide alone whether doors know your face. Agree by "
            "%(until)s under “Face at the door”, on your phone or at the desk; "
            "without it the face is erased then."
        )
        % facts
    ),
)
verdicts.explain(
    "residents.face_of_age_guardian",
    lambda facts: (
        _(
            "%(name)s is 14 now and decides alone whether doors know their face. What you agreed "
            "to counts until %(until)s; without their own word the face is erased then."
        )
        % facts
    ),
)
