"""How good predictions are, in numbers: pure functions of texts and patches.

Those that Zed's tools have too (``edit_prediction_metrics``) give the same figures. Each metric is
a module; `prediction_score` puts them together for a prediction, `best_of` says which of several
right answers it is compared with, `bootstrap` how sure one may be of a mean.
"""
