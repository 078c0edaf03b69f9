"""The data rules: what every stored row keeps, and what an editor should look at again.

An error is wrong whatever the sources say. A warning is a question, which the material may answer:
see `justified`. The codebook, fixtures/README.md, lists every rule with the definition given here.
"""

from timeline.rules import authorities, dates, evidence, integrity, languages, offices
from timeline.rules.registry import ERROR, WARNING, Finding, Rule

# In the order of the codebook: errors first.
RULES = (
    *integrity.RULES,
    *dates.RULES,
    *offices.RULES,
    *authorities.RULES,
    *languages.RULES,
    *evidence.RULES,
)

__all__ = ["ERROR", "RULES", "WARNING", "Finding", "Rule"]
