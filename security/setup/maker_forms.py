"""What is typed about devices whose makers have a driver of their own, next to the plain relay."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from security.setup.typed import Fields, choice, number, seconds, text, tick

URL = text(_("Address of the device"), _("Without a path: http://192.168.1.64"))
URL_OR_BROKER = text(_("Address of the relay"), _("Leave it empty for a relay behind a broker."))
HOST = text(_("Address of the MQTT broker"), _("Only for a relay behind a broker: 192.168.1.2"))
BROKER = text(_("Address of the MQTT broker"), "192.168.1.2")
BROKER_PORT = number(_("Port of the broker"), 1, 65535, _("Empty for 1883"))
TOPIC = text(_("Its topic"), _("What the relay's own page calls its prefix or topic."))
SN = text(_("Serial number in its topics"), _("On the camera's own page, as it stands there."), 60)
INPUT = number(
    _("Input that knows the position"),
    0,
    65535,
    _("As the relay counts. Empty where none is wired."),
)
CONTACT = number(
    _("Contact that is closed while the arm is up"), 0, 15, _("Empty where none is wired.")
)
MEANS = choice(_("When that input is on"), ("open", _("it is open")), ("closed", _("it is closed")))
LIST = tick(_("Keep the registered cars in the camera, for hours without this computer"))
CHANNEL = number(_("Channel"), 0, 64, _("Empty for the first"))
OUTPUT = number(_("Output that is wired to the barrier"), 0, 3, _("Empty for the first, 0"))
PATIENCE = seconds(_("Seconds to wait for an answer"), 0.3, 5, _("Empty for 3"))
TLS = tick(_("The broker wants TLS"))
CERTIFICATE = tick(_("Accept a certificate of its own making"))
FIELDS: dict[str, Fields] = {
    "hikvision_barrier": {
        "url": URL,
        "channel": CHANNEL,
        "hold": choice(
            _("How it is held open"),
            ("", _("Not at all")),
            ("lock", _("Its lock raises the arm and keeps it")),
            ("open_then_lock", _("Its lock keeps the arm where it is")),
        ),
        "holds_list": LIST,
        "moves_within_s": seconds(
            _("Seconds in which the arm has to leave its place"), 0, 4, _("Empty for 3")
        ),
    },
    "hikvision_door": {
        "url": URL,
        "door": number(_("Number of the door"), 1, 256, _("Empty for the first")),
        "no_contact": tick(_("No magnetic contact is wired")),
    },
    "dahua_barrier": {
        "url": URL,
        "channel": CHANNEL,
        "open_input": number(_("Alarm input that is closed while the arm is up"), 0, 15),
        "hold_output": number(_("Alarm output that holds it open"), 0, 7),
        "holds_list": LIST,
    },
    "dahua_door": {
        "url": URL,
        "channel": CHANNEL,
        "user": text(_("Number under which the door notes our openings"), _("Empty for 101"), 8),
    },
    "vzenith": {
        "output": choice(
            _("How the camera opens"),
            ("answer", _("Its own way, with its own pulse")),
            ("io", _("By an output, with our pulse")),
        ),
        "io": OUTPUT,
        "open_input": CONTACT,
        "wait_s": seconds(_("Seconds until it asks for its order"), 0.2, 10, _("Empty for 10")),
        "confirm_s": seconds(_("Seconds until it asks again"), 0.1, 4, _("Empty for 3")),
        "quiet_s": seconds(
            _("Seconds without the same car, after which it has our answer"),
            0,
            4,
            _("Empty for 1.2"),
        ),
        "silent_s": seconds(
            _("Seconds without a word until it counts as away"), 1, 600, _("Empty for 90")
        ),
    },
    "vzenith_mqtt": {
        "host": BROKER,
        "port": BROKER_PORT,
        "sn": SN,
        "io": OUTPUT,
        "open_input": CONTACT,
        "holds_list": LIST,
        "tls": TLS,
    },
    "shelly": {
        "url": URL_OR_BROKER,
        "host": HOST,
        "port": BROKER_PORT,
        "topic": TOPIC,
        "generation": choice(_("Generation"), ("2", _("Second or later")), ("1", _("First"))),
        "auto_off": tick(_("First generation behind a broker: its own auto-off is set")),
        "channel": CHANNEL,
        "input": INPUT,
        "input_means": MEANS,
        "tls": TLS,
    },
    "tasmota": {
        "url": URL_OR_BROKER,
        "host": HOST,
        "port": BROKER_PORT,
        "topic": TOPIC,
        "channel": CHANNEL,
        "input": INPUT,
        "input_means": MEANS,
        "tls": TLS,
    },
    "modbus_relay": {
        "host": text(_("Address of the board"), "192.168.1.60"),
        "port": number(_("Port"), 1, 65535, _("Empty for 502")),
        "unit": number(_("Unit"), 1, 247, _("Empty for 1")),
        "coil": number(_("Coil"), 0, 511, _("Counted from 0")),
        "pulse": choice(
            _("Who ends the pulse"),
            ("flash", _("The board, told how long (Waveshare and alike)")),
            ("device", _("The board, by its own jog setting")),
            ("guarded", _("This computer, which is the least safe")),
        ),
        "own_pulse_ms": number(
            _("Milliseconds of the board's own jog"), 100, 3000, _("Empty for 1000")
        ),
        "input": INPUT,
        "input_means": MEANS,
    },
}
for _driver, _own in FIELDS.items():
    if _driver != "vzenith":
        _own["timeout_s"] = PATIENCE
    if _driver not in ("vzenith", "modbus_relay"):
        _own["own_certificate"] = CERTIFICATE
#: What stands folded under "More": few ever need it.
FOLDED = frozenset(
    {"timeout_s", "own_certificate", "moves_within_s", "user", "own_pulse_ms"}
    | {"wait_s", "confirm_s", "quiet_s", "silent_s"}
)
CHOICES = [
    ("hikvision_barrier", _("Hikvision camera with a barrier")),
    ("hikvision_door", _("Hikvision terminal or door controller")),
    ("dahua_barrier", _("Dahua camera with a barrier")),
    ("dahua_door", _("Dahua door controller")),
    ("vzenith_mqtt", _("Vzenith camera's own relay, over MQTT")),
    ("vzenith", _("The lane's camera, in our answers to it (Vzenith, Qianyi)")),
    ("shelly", _("Shelly relay")),
    ("tasmota", _("Tasmota relay")),
    ("modbus_relay", _("Modbus relay board")),
]
#: Modbus knows no password, and a camera that asks us proves itself by its address.
SIGN_IN = [name for name, _label in CHOICES if name not in ("modbus_relay", "vzenith")]
#: Of a relay told by HTTP, folded: what it needs to be held open, to tell its position, and the
#: inputs of a door. Texts are looked for in its answer.
RELAY_MORE: Fields = {
    "keep_open_url": text(_("Address that holds it open"), "", 500),
    "keep_open_body": text(_("Body of that"), "", 2000),
    "release_url": text(_("Address that ends holding"), "", 500),
    "release_body": text(_("Body of that"), "", 2000),
    "content_type": text(_("Kind of these bodies"), "application/json"),
    "accepted_contains": text(_("Its answer means yes where it holds"), _("Empty: any answer.")),
    "refused_contains": text(_("Its answer means no where it holds")),
    "open_contains": text(_("It is open where the answer holds"), _("Asked at the address above.")),
    "closed_contains": text(_("It is closed where the answer holds")),
    "challenge_url": text(_("Address for the sign-in's first step"), _("For digest only."), 500),
    "inputs_url": text(
        _("Address of a door's inputs"), _("Empty: the address that only asks."), 500
    ),
    "contact_open_contains": text(_("The door's contact is open where it holds")),
    "contact_closed_contains": text(_("The door's contact is closed where it holds")),
    "button_contains": text(_("The exit button is pressed where it holds")),
    "button_age_after": text(_("Before the seconds since it was pressed stands")),
    "button_count_after": text(_("Before the number of its presses stands")),
    "button_latched": tick(_("The button's input stays on until it is read")),
    "no_exit_button": tick(_("This door has no exit button")),
    "fire_contains": text(_("The fire alarm is on where it holds")),
    "timeout_s": seconds(_("Seconds to wait for an answer"), 0.5, 5, _("Empty for 3")),
    "own_certificate": CERTIFICATE,
}
