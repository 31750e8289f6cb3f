"""Why the origin's training of SPR-NN jumps, and what keeps it still.

    FORCELAW_DATA=folder python benchmarks/signed_stability.py [--schedule constant cosine]

The preset `spr-nn` on bitcoin-alpha (protocol `pairs`, seed 0, 10 % of the training pairs kept for
validation), once with the origin's constant learning rate and once with a rate that falls like a
cosine. Prints the loss of hidden training signs after every epoch, and the AUC on the validation
part of the best epoch; the table is in results/signed_stability.md.
"""

from __future__ import annotations

import argparse
import dataclasses

from forcelaw import signed
from forcelaw.training import Epoch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schedule", nargs="+", default=["constant", "cosine"])
    parser.add_argument("--dataset", default="bitcoin-alpha")
    options = parser.parse_args()
    parts = signed.split(signed.dataset(options.dataset), "pairs", seed=0, validation=0.1)
    kept = parts.validation
    for schedule in options.schedule:
        preset = dataclasses.replace(signed.PRESETS["spr-nn"], schedule=schedule)
        model = signed.SpringEmbedding(64, seed=0, preset=preset).fit(parts.train, report=tell)
        probability = model.predict_proba(kept.pairs)[:, 1]
        found = signed.scores(kept.sign, probability, model.threshold_)
        print(f"{schedule}: validation AUC {found['auc']:.4f}, macro-F1 {found['f1_macro']:.4f}")


def tell(epoch: Epoch) -> None:
    values = epoch.metrics
    print(
        f"stage {epoch.stage} epoch {epoch.epoch}: loss {values['loss']:.4f}, balanced accuracy "
        f"{values['balanced_accuracy']:.4f}, skipped updates {values['skipped']:.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
