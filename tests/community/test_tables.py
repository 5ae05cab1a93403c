"""Many tables in one step of a migration."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from community.tables import CreateTables


@pytest.mark.django_db(transaction=True)
def test_tables_that_point_at_one_another_come_and_go_together():
    key = ("id", models.BigAutoField(primary_key=True))
    step = CreateTables(
        [
            migrations.CreateModel("Shelf", [key]),
            migrations.CreateModel(
                "Book", [key, ("shelf", models.ForeignKey("community.Shelf", models.CASCADE))]
            ),
        ]
    )
    before, after = ProjectState(), ProjectState()
    step.state_forwards("community", after)
    with connection.schema_editor() as editor:
        step.database_forwards("community", editor, before, after)
    names = {"community_shelf", "community_book"}
    assert names <= set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        step.database_backwards("community", editor, after, before)
    assert not names & set(connection.introspection.table_names())
