"""What every variant of the rule adds to a verdict; reasons are stored as grounds, and words are made when read."""

from django.db import migrations, models

STANDING = models.CharField(
    blank=True,
    choices=[
        ("ENTERS", "Вошла"),
        ("STAYS", "Остаётся: условия выполнены снова"),
        ("HELD", "Остаётся: лет без условий мало"),
        ("LEAVES", "Вышла"),
    ],
    default="",
    max_length=8,
    verbose_name="в перечнях",
)
IS_MARKED = models.BooleanField(default=False, verbose_name="в перечень признаков необъективности")
IS_HIGH = models.BooleanField(default=False, verbose_name="в перечень стабильно высоких результатов")


class Migration(migrations.Migration):
    dependencies = [("schools", "0004_school_history")]

    operations = [
        migrations.RenameField(model_name="schoolverdict", old_name="reasons", new_name="grounds"),
        migrations.AddField(
            model_name="schoolverdict",
            name="details",
            field=models.JSONField(default=dict, verbose_name="место среди школ и лет"),
        ),
        migrations.AddField(model_name="schoolverdict", name="standing", field=STANDING),
        migrations.AddField(model_name="schoolverdict", name="is_marked", field=IS_MARKED),
        migrations.AddField(model_name="schoolverdict", name="is_high", field=IS_HIGH),
        migrations.AddField(model_name="historicalschoolverdict", name="standing", field=STANDING),
        migrations.AddField(model_name="historicalschoolverdict", name="is_marked", field=IS_MARKED),
        migrations.AddField(model_name="historicalschoolverdict", name="is_high", field=IS_HIGH),
    ]
