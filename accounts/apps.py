from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Учётные записи"

    def ready(self) -> None:
        from accounts import signals  # noqa: F401, PLC0415  receivers of sign-in events, needs loaded models
