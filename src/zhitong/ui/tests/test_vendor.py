"""Nothing of npm is served that is not listed."""

from pathlib import Path

from django.contrib.staticfiles import finders

from zhitong.ui import vendor

LARGEST = 5 * 1024 * 1024


def test_listed_files_are_found():
    finder = vendor.VendorFinder()
    assert finder.find("vendor/tabler/css/tabler.min.css").endswith("@tabler/core/dist/css/tabler.min.css")
    assert len(finder.find("vendor/htmx/htmx.min.js", find_all=True)) == 1


def test_nothing_else_is():
    finder = vendor.VendorFinder()
    for path in (
        "vendor/tabler/css/tabler.css",
        "vendor/htmx/../package.json",
        "vendor/nobody/a.js",
        "npm/htmx.min.js",
        "vendor/maplibre/maplibre-gl-none.mjs",
        "vendor/tabler",
    ):
        assert finder.find(path) == [], path


def test_what_is_served_is_small():
    found = [storage.path(name) for name, storage in vendor.VendorFinder().list([])]
    assert len(found) >= 6
    assert sum(Path(path).stat().st_size for path in found) < LARGEST, sorted(found)


def test_own_files_are_found():
    assert finders.find("ui/main.js")


def test_names_with_a_hash_leave_source_maps_alone():
    assert not any("sourceMappingURL" in str(rule) for _glob, rules in vendor.PageStorage.patterns for rule in rules)
