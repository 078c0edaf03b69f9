"""The timeline counts its entries, and finds the latest changes, without reading their texts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timeline", "0007_locators_in_vietnamese")]

    operations = [
        migrations.AddIndex(
            "timelineentry",
            models.Index(fields=["-changed_at", "newest_key"], name="entry_changed"),
        ),
        migrations.AddIndex(
            "timelineentry",
            models.Index(fields=["stage"], name="entry_stage"),
        ),
        migrations.AddIndex(
            "timelineentry",
            models.Index(
                fields=[
                    *("kind", "status", "first_year", "last_year"),
                    *("date_edtf", "earliest", "latest", "date_basis"),
                ],
                name="entry_counts",
            ),
        ),
    ]
