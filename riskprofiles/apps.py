from django.apps import AppConfig


class RiskprofilesConfig(AppConfig):
    name = "riskprofiles"
    verbose_name = "Рисковые профили"
