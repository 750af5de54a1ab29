"""A town and a school, each on a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pupils import School, open_school
from tests.town import Town, open_town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    opened = open_town(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    opened = open_school(tmp_path)
    yield opened
    opened.store.close()
