"""What a benchmark prints, and keeps for RESULTS.md."""

from collections.abc import Sequence

from . import setting


class Report:
    """Lines as they come, and the last one: ``NAME ratio VALUE``."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.line(f"{name}: {setting.machine()}")

    def line(self, text: str) -> None:
        """One line."""
        print(text, flush=True)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """As Markdown, so that it can be taken into RESULTS.md as it is."""
        self.line("")
        for row in (head, ["---"] * len(head), *rows):
            self.line(f"| {' | '.join(row)} |")
        self.line("")

    def end(self, ratio: float) -> None:
        """The last line."""
        self.line(f"{self._name} ratio {ratio:.2f}")
