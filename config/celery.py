"""The Celery application: it carries wake-up calls only, the `Job` row is the queue (jobs, docs/adr/0003)."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("orientir")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def be_patient(conf: Any, **_: Any) -> None:
    """Let a worker wait for the broker; only a page must not (CELERY_BROKER_TRANSPORT_OPTIONS)."""
    if "socket_timeout" in conf.broker_transport_options:
        patient = {"socket_connect_timeout": 10, "socket_timeout": 30, "max_retries": None}
        conf.broker_transport_options = {**conf.broker_transport_options, **patient}
