"""Who signs in, and what they may do where."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from community.querysets import STAFF, ManagerOnlyQuerySet, UserQuerySet, roles_held


class Users(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users; reads are in the queryset."""

    def _create_user_object(
        self, username: str, email: str | None, password: str | None, **fields: Any
    ) -> Any:
        fields.pop("is_staff", None)
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One sign-in for the whole installation; its roles say where it counts."""

    username = models.CharField(_("user name"), max_length=150, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = Users()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = ""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """May open the admin: the operator, and whoever works for a property office."""
        return self.is_superuser or any(
            roles & (STAFF - {"guard"}) for roles in self.roles_by_compound().values()
        )

    @cached_property
    def _held(self) -> dict[int, set[str]]:
        return roles_held(self.held_roles.filter(ended_at=None).values_list("compound_id", "role"))

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Roles say who may what; the permissions of the framework are the operator's alone."""
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_superuser

    def roles_by_compound(self) -> dict[int, set[str]]:
        """Current roles, by compound id; read once per instance."""
        return self._held

    def roles_in(self, compound: models.Model | int) -> set[str]:
        """Current roles in one compound; the operator counts as manager everywhere."""
        key = compound if isinstance(compound, int) else compound.pk
        held = set(self._held.get(key, ()))
        return held | {"manager"} if self.is_superuser else held

    def only_in(self, compound: models.Model | int) -> User:
        """The same person with their roles of one compound only, also where they operate all.

        For what acts in their name with less than their rights; never saved.
        """
        key = compound if isinstance(compound, int) else compound.pk
        narrowed = copy(self)
        narrowed.__dict__["_held"] = {key: roles} if (roles := self.roles_in(key)) else {}
        narrowed.is_superuser = False
        return narrowed

    def compounds_as(self, roles: Iterable[str]) -> list[int]:
        """Ids of the compounds where the user holds one of ``roles``."""
        wanted = set(roles)
        return [key for key, held in self._held.items() if held & wanted]


class Role(models.Model):
    """A role held in one compound; ended, never deleted."""

    class Name(models.TextChoices):
        RESIDENT = "resident", _("Resident")
        LANDLORD = "landlord", _("Landlord")
        GUARD = "guard", _("Guard")
        DESK = "desk", _("Desk clerk")
        CASHIER = "cashier", _("Cashier")
        MANAGER = "manager", _("Property manager")
        INSTALLER = "installer", _("Installer")
        COURIER = "courier", _("Courier")

    user = models.ForeignKey(
        User, models.CASCADE, related_name="held_roles", verbose_name=_("user")
    )
    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="roles", verbose_name=_("compound")
    )
    role = models.CharField(_("role"), max_length=12, choices=Name)
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("since"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "compound", "role", "carrier"],
                condition=Q(ended_at=None),
                name="role_held_once",
            ),
            models.CheckConstraint(
                condition=Q(role="courier") | Q(carrier=""), name="role_carrier_for_couriers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
