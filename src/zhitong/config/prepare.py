"""Brings the database and the static files up to date; where nothing changed it takes no time."""

from hashlib import sha256

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor, load_default_roles
from zhitong.kernel.indicators.public import load_indicators
from zhitong.kernel.papers.public import load_supplied
from zhitong.kernel.reviews.public import load_defaults

from .environment import ROOT, VAR


def migrate() -> bool:
    """Apply the migrations that are missing; says whether there were any.  Roles get the permissions that are new, and
    indicators that ship are defined, and so is what follows a bad review; templates of papers that ship have their row."""
    executor = MigrationExecutor(connection)
    is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if is_behind:
        call_command("migrate", verbosity=0)
    by, at = Actor.system("upgrade"), timezone.now()
    load_default_roles(by=by, at=at)
    load_indicators(by=by, at=at)
    load_defaults(by=by)
    load_supplied(at=at)
    return is_behind


def _static_state() -> str:
    folders = [*settings.STATICFILES_DIRS, ROOT / "src/zhitong/ui/static"]
    files = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    files |= {ROOT / "package-lock.json", ROOT / "requirements.lock", ROOT / "src/zhitong/ui/vendor.py"}
    state = sorted(f"{path} {path.stat().st_mtime_ns}" for path in files if path.exists())
    return sha256("\n".join(state).encode()).hexdigest()


def collect_static() -> bool:
    """Gather the static files, when one that goes in has changed; says whether it did."""
    state, stamp = _static_state(), VAR / "static/.collected"
    if stamp.exists() and stamp.read_text() == state:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)
    return True
