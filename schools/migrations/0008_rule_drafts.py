"""Drafts of rule sets: who edits them and why; a version that a run has used is held unchanged by the database too."""

import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

POSTGRESQL = """
CREATE FUNCTION rule_set_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a used rule set does not change'; END $$;
CREATE TRIGGER rule_set_frozen BEFORE UPDATE ON schools_identificationruleset
FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION rule_set_refuse();
"""
SQLITE = (
    "CREATE TRIGGER rule_set_frozen BEFORE UPDATE ON schools_identificationruleset WHEN OLD.frozen_at IS NOT NULL "
    "BEGIN SELECT RAISE(ABORT, 'a used rule set does not change'); END;"
)


def freeze_used(apps, schema_editor):
    """Freeze what runs have used so far by the time of the first of them."""
    rule_sets = apps.get_model("schools", "IdentificationRuleSet").objects.filter(frozen_at=None, runs__isnull=False)
    for rule_set in rule_sets.distinct():
        rule_set.frozen_at = rule_set.runs.order_by("created_at").first().created_at
        rule_set.save(update_fields=["frozen_at"])


def protect(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def unprotect(apps, schema_editor):
    table = " ON schools_identificationruleset" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER rule_set_frozen{table}")
    if table:
        schema_editor.execute("DROP FUNCTION rule_set_refuse()")


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0007_runs_and_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='identificationruleset',
            name='based_on',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='schools.identificationruleset', verbose_name='сделан из'),
        ),
        migrations.AddField(
            model_name='identificationruleset',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='изменён'),
        ),
        migrations.AddField(
            model_name='identificationruleset',
            name='edited_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='identificationruleset',
            name='edition',
            field=models.PositiveIntegerField(default=0, verbose_name='правка'),
        ),
        migrations.AddField(
            model_name='identificationruleset',
            name='justification',
            field=models.TextField(blank=True, default='', verbose_name='обоснование изменений'),
        ),
        migrations.CreateModel(
            name='HistoricalIdentificationRuleSet',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('code', models.CharField(max_length=40, verbose_name='код')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='версия')),
                ('title', models.CharField(max_length=250, verbose_name='название')),
                ('year', models.PositiveSmallIntegerField(verbose_name='год')),
                ('provenance', models.TextField(blank=True, verbose_name='происхождение параметров')),
                ('parameters', models.JSONField(verbose_name='параметры')),
                ('frozen_at', models.DateTimeField(blank=True, null=True, verbose_name='заморожен')),
                ('justification', models.TextField(blank=True, default='', verbose_name='обоснование изменений')),
                ('edition', models.PositiveIntegerField(default=0, verbose_name='правка')),
                ('edited_at', models.DateTimeField(blank=True, null=True, verbose_name='изменён')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('based_on', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='schools.identificationruleset', verbose_name='сделан из')),
                ('basis_document', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='schools.legalact', verbose_name='основание')),
                ('edited_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical набор правил',
                'verbose_name_plural': 'historical наборы правил',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(freeze_used, migrations.RunPython.noop),
        migrations.RunPython(protect, unprotect),
    ]
