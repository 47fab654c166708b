"""Facts in, documents out: the wording of each kind of report. No Django, no clock."""
