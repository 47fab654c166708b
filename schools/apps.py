from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "Школы и результаты"

    def ready(self) -> None:
        """Let every app register the tables that imports write (schools/importing/targets.py) and its templates."""
        autodiscover_modules("import_targets", "import_templates")
