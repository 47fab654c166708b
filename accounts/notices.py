"""News for people: written by the change that they tell of, read at the bell."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Notice, User


def tell(news: Iterable[Notice]) -> int:
    """Store news for people; return how many. One query for 500 of them."""
    return len(Notice.objects.bulk_create(news, batch_size=500))


def mark_read(user: User, at: datetime) -> int:
    """Mark all news of a person as read; return how many were not."""
    return user.notices.filter(read_at=None).update(read_at=at)
