from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Фоновые задания"

    def ready(self) -> None:
        """Let every app register its kinds of jobs, and the modules that the settings name (tests)."""
        autodiscover_modules("job_kinds")
        for module in settings.JOBS_EXTRA_KINDS:
            import_module(module)
