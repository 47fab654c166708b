"""What every installation needs before the first school comes: rule sets, risk factors, metrics, from shipped files."""

from monitoring.catalogue import load_metric_set
from riskprofiles.actions.catalogues import load_catalogues
from schools.actions.rule_sets import load_rule_sets


def load_reference_data() -> None:
    """Bring the shipped versions into the database; what is there already stays as it is."""
    load_rule_sets(by=None)
    load_catalogues()
    load_metric_set()
