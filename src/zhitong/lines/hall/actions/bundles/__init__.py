"""One thing, one time: bundles edited and published, applied for, and carried on."""

from .advancing import advance, advance_stirred, stir
from .editing import change_bundle, create_bundle, publish_bundle, withdraw_bundle, write_bundle
from .giving import check_number
from .submitting import BundleSubmission, look_at, submit_bundle

__all__ = [
    "BundleSubmission",
    "advance",
    "advance_stirred",
    "change_bundle",
    "check_number",
    "create_bundle",
    "look_at",
    "publish_bundle",
    "stir",
    "submit_bundle",
    "withdraw_bundle",
    "write_bundle",
]
