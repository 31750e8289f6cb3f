"""How well held-out signs were predicted, and pairs that were told most wrongly."""

from forcelaw.report.predictions.held_out import confusion_table, held_out_figures
from forcelaw.report.predictions.standing import standing_words
from forcelaw.report.predictions.told import told_pairs

__all__ = ["confusion_table", "held_out_figures", "standing_words", "told_pairs"]
