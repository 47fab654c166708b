"""The shipped metric sets: readable files become rows, once for each version."""

import tomllib
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from monitoring.models import Metric, MetricSet

DEFAULT_SET: Final = Path(__file__).parent / "metrics" / "default.toml"


@transaction.atomic
def load_metric_set(path: Path = DEFAULT_SET) -> MetricSet:
    """Return the metric set of a file; a version that is loaded already stays as it is."""
    content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    metric_set, created = MetricSet.objects.get_or_create(
        code=content["code"],
        version=content["version"],
        defaults={"title": content["title"], "provenance": content["provenance"]},
    )
    if created:
        Metric.objects.bulk_create(
            metric_from(metric_set, position, entry) for position, entry in enumerate(content["metrics"], start=1)
        )
    return metric_set


def metric_from(metric_set: MetricSet, position: int, entry: dict[str, Any]) -> Metric:
    return Metric(
        metric_set=metric_set,
        position=position,
        code=entry["code"],
        group=entry["group"],
        title=entry["title"],
        numerator_title=entry["numerator"],
        denominator_title=entry["denominator"],
        source=entry["source"],
        direction=entry["direction"],
        target=entry.get("target"),
    )
