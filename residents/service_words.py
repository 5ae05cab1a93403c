"""What messages about notices and requests say, and how they are told."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import notifications, verdicts
from community.models import Medium
from residents.models import Category, Notice, ServiceRequest

QUIETLY = (Medium.OFFICIAL_ACCOUNT, Medium.WEB_PUSH)
#: The staff's own pages show it; their group hears of it where there is one.
GROUP = (Medium.WECOM,)


def _notice(facts: dict[str, Any]) -> str:
    row = Notice.objects.filter(pk=facts.get("notice", 0)).only("title", "text").first()
    return f"{row.title}：{row.text}" if row else gettext("This notice is no longer kept.")


def _request(text: Any) -> Any:
    """A sentence about a request, with what it is about and who comes when."""

    def said(facts: dict[str, Any]) -> str:
        row = ServiceRequest.objects.filter(pk=facts.get("request", 0)).first()
        what = str(Category(facts["category"]).label) if facts.get("category") else ""
        values = {"number": facts.get("request"), "what": what, "who": "", "reason": "", "when": ""}
        if row is not None:
            values["who"] = row.craftsman or str(row.assigned_to or "")
            values["reason"] = row.reason
            if row.comes_at:
                moment = timezone.localtime(row.comes_at)
                values["when"] = f"{moment:%m-%d %H:%M}"
        if values["when"] and "%(who)s" in str(text):
            return gettext("%(what)s, no. %(number)s: %(who)s comes on %(when)s.") % values
        return str(text) % values

    return said


KINDS: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "residents.request_assigned": (
        _("Your request is assigned"),
        _("%(what)s, no. %(number)s: %(who)s takes care of it."),
        notifications.EVERYBODY,
    ),
    "residents.request_done": (
        _("Your request is done"),
        _("%(what)s, no. %(number)s is done. Tell us how it went, or that it is not."),
        notifications.EVERYBODY,
    ),
    "residents.request_refused": (
        _("Your request was not accepted"),
        _("%(what)s, no. %(number)s was not accepted: %(reason)s"),
        notifications.EVERYBODY,
    ),
    "residents.request_answered": (
        _("An answer to your request"),
        _("The property office answered on %(what)s, no. %(number)s. Please read it."),
        QUIETLY,
    ),
    "residents.request_new": (
        _("New request"),
        _("New: %(what)s, no. %(number)s. Please assign it."),
        GROUP,
    ),
    "residents.request_reopened": (
        _("Request reopened"),
        _("%(what)s, no. %(number)s is not done after all. Please look again."),
        GROUP,
    ),
    "residents.request_said": (
        _("A resident wrote"),
        _("A resident wrote on %(what)s, no. %(number)s. Please answer."),
        GROUP,
    ),
    "residents.request_late": (
        _("Request overdue"),
        _("%(what)s, no. %(number)s is overdue. Please see to it."),
        GROUP,
    ),
}
for name, (label, sentence, ladder) in KINDS.items():
    path = "/home/requests/" if ladder is not GROUP else "/admin/residents/servicerequest/"
    notifications.declare(name, label, topic="request", ladder=ladder, path=path)
    verdicts.explain(name, _request(sentence))
notifications.declare(
    "residents.notice", _("Notice"), topic="notice", ladder=QUIETLY, path="/home/notices/"
)
notifications.declare(
    "residents.notice_important", _("Important notice"), topic="notice", path="/home/notices/"
)
for name in ("residents.notice", "residents.notice_important"):
    verdicts.explain(name, _notice)
