"""The one door of the territory: divisions, what they were called when, and where a point lies."""

from .actions.changes import (
    change_kind,
    create_division,
    end_division,
    merge,
    move,
    name_level,
    rename,
    renumber,
    split,
)
from .actions.files import FileTaken, take_file
from .actions.imports import DistrictImported, ListImported, import_district, import_list, make_grids
from .actions.shapes import ShapesImported, import_shapes, make_provisional_shapes, set_shape
from .choices import RANK, DivisionKind, FaultKind, Level, ShapeSource, SuccessionKind
from .models import Division, DivisionShape, DivisionVersion, Succession, valid_on
from .permissions import MANAGE
from .queries.coverage import Coverage, Fault, Stray, check_coverage, check_points
from .queries.export import export_geojson, export_shapes_csv
from .queries.history import as_stood, successors, versions
from .queries.locate import is_outside, locate, locate_many
from .queries.named import named_in, named_in_many
from .queries.national import county_shape, known_shapes, national_list, shapes_by_code
from .queries.search import matching, ranked, search
from .queries.shapes import areas, bounds, shape, shapes, shapes_json, shapes_version
from .queries.tree import (
    Node,
    Tree,
    ancestor,
    ancestors,
    by_code,
    children,
    descendants,
    district_name,
    label,
    labels,
    level_label,
    node,
    of_level,
    paths,
    tree,
    within,
)
from .rules import Listed, is_code, level_of, parent_code
from .rules.files import MOST_BYTES as MOST_OF_A_FILE
from .rules.files import Columns

__all__ = [
    "MANAGE", "MOST_OF_A_FILE", "RANK",
    "Columns", "Coverage", "DistrictImported", "Division", "DivisionKind", "DivisionShape", "DivisionVersion",
    "Fault", "FaultKind", "FileTaken", "Level",
    "ListImported", "Listed", "Node", "ShapeSource", "ShapesImported", "Stray", "Succession", "SuccessionKind", "Tree",
    "ancestor", "ancestors", "areas", "as_stood", "bounds", "by_code", "change_kind", "check_coverage", "check_points", "children", "county_shape",
    "create_division", "descendants", "district_name",
    "end_division", "export_geojson", "export_shapes_csv", "import_district", "import_list",
    "import_shapes", "is_code", "is_outside", "known_shapes", "label", "labels", "level_label", "level_of", "locate",
    "locate_many", "make_grids", "make_provisional_shapes", "matching", "merge", "move", "name_level",
    "named_in", "named_in_many", "national_list", "node", "of_level", "parent_code", "paths", "ranked", "rename", "renumber", "search",
    "set_shape", "shape", "shapes", "shapes_by_code", "shapes_json", "shapes_version", "split", "successors", "take_file", "tree",
    "valid_on", "versions", "within",
]  # fmt: skip
