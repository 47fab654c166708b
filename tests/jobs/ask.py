"""Ask a live installation for a job: `python -m tests.jobs.ask KIND PARAMETERS_JSON [MESSAGES]`.

Prints {"id", "seconds"}: how long a page would have waited. MESSAGES sends the wake-up call that many times.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from jobs import actions  # noqa: E402  needs the set-up above

kind, parameters, *rest = sys.argv[1:]
started = time.monotonic()
job = actions.enqueue(kind=kind, params=json.loads(parameters), by=None)
seconds = time.monotonic() - started
for _ in range(int(rest[0]) - 1 if rest else 0):
    actions.deliver(job)
sys.stdout.write(json.dumps({"id": job.pk.hex, "seconds": seconds}))
