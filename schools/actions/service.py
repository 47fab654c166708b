"""The account in whose name commands of the operator change data; nobody can sign in with it."""

from typing import Final

from accounts.models import User
from accounts.permissions import Role
from schools.models import Membership, Territory

SERVICE_LOGIN: Final = "service"


def service_account(region: Territory) -> User:
    """Return the account, made on first use, with the right to act in a region."""
    account, is_new = User.objects.get_or_create(
        username=SERVICE_LOGIN,
        defaults={"last_name": "Служебная запись", "position": "Команды администратора сервера", "is_active": False},
    )
    if is_new:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    Membership.objects.get_or_create(user=account, role=Role.REGIONAL_ADMIN, territory=region, school=None)
    return User.objects.get(pk=account.pk)
