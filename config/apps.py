from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The application that knows all others: it holds the demo region, which is built through their actions."""

    name = "config"
    verbose_name = "Портал"
