from typing import Any

from django.core.management.base import BaseCommand

from accounts.permissions import ROLE_PERMISSIONS, Permission, Role


class Command(BaseCommand):
    help = "Печатает таблицу «роль — право» как Markdown (docs/access.md)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(access_table())


def access_table() -> str:
    """Return the table of rights: a row for a permission, a column for a role."""
    head = "| Право | " + " | ".join(str(role.label) for role in Role) + " |"
    line = "|---|" + ":-:|" * len(Role)
    return "\n".join([head, line, *(permission_row(permission) for permission in Permission)]) + "\n"


def permission_row(permission: Permission) -> str:
    cells = ("●" if permission in ROLE_PERMISSIONS[role] else " " for role in Role)
    return f"| {permission.label} | " + " | ".join(cells) + " |"
