"""Where shifts change."""

from django.urls import path

from security.shifts import change, history, pages

urlpatterns = [
    path("guard/change/", change.change, name="guard-change"),
    path("guard/shift/", pages.begin, name="guard-shift"),
    path("guard/shift/history/", history.history, name="guard-shift-history"),
    path("guard/shift/<int:key>/", pages.handover, name="guard-handover"),
    path("guard/shift/<int:key>/accept/", pages.accept, name="guard-handover-accept"),
    path("guard/shift/<int:key>/withdraw/", pages.withdraw, name="guard-handover-withdraw"),
]
