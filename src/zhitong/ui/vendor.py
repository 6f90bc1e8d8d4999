"""Serves other people's browser code from ``node_modules``, and only what is listed here."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage, Storage

# Folder under /static/vendor/ -> folder in node_modules, and the files of it that are served.
SERVED: dict[str, tuple[str, tuple[str, ...]]] = {
    "tabler": ("@tabler/core/dist", ("css/tabler.min.css",)),
    "htmx": ("htmx.org/dist", ("htmx.min.js",)),
    "maplibre": ("maplibre-gl/dist", ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")),
    "xforms": ("@getodk/xforms-engine/dist", ("index.js",)),
    "echarts": ("echarts/dist", ("echarts.common.min.js",)),
    "terra-draw": ("terra-draw/dist", ("terra-draw.umd.js",)),
    "terra-draw-maplibre": ("terra-draw-maplibre-gl-adapter/dist", ("terra-draw-maplibre-gl-adapter.umd.js",)),
}


# Modules that import nothing, and speak of imports in their comments.
WHOLE = frozenset({"vendor/xforms/index.js"})


def _folder(source: str) -> Path:
    return Path(settings.ROOT) / "node_modules" / source


class PageStorage(ManifestStaticFilesStorage):
    """Names with a hash of their content, also in what our modules import; others' source maps are not served."""

    support_js_module_import_aggregation = True
    patterns = tuple(
        (glob, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for glob, rules in ManifestStaticFilesStorage.patterns
    )

    def url_converter(
        self, name: str, hashed_files: dict[str, Any], template: str | None = None, *more: Any, **others: Any
    ) -> Any:
        """What puts the name with the hash in; nothing does in a module that imports nothing."""
        converter = super().url_converter(name, hashed_files, template, *more, **others)
        return (lambda found: found[0]) if name in WHOLE else converter


class VendorFinder(BaseFinder):
    """Finds ``vendor/<name>/<file>`` for the listed files."""

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        root, _, rest = path.partition("/")
        name, _, file = rest.partition("/")
        if root != "vendor" or name not in SERVED:
            return []
        source, patterns = SERVED[name]
        found = _folder(source) / file
        if ".." in file or not any(fnmatch(file, pattern) for pattern in patterns) or not found.is_file():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Iterable[str] | None = None) -> Iterator[tuple[str, Storage]]:
        for name, (source, patterns) in SERVED.items():
            storage = FileSystemStorage(location=_folder(source))
            storage.prefix = f"vendor/{name}"  # type: ignore[attr-defined]
            for pattern in patterns:
                for file in sorted(_folder(source).glob(pattern)):
                    yield str(file.relative_to(_folder(source))), storage
