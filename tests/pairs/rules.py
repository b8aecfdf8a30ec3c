"""What CHECKs demand and formulas compute: as SQL, and as Python, so that rows can be drawn."""

CHECKS = {
    "whole": {
        "{} > -100": lambda one: one > -100,
        "{} != 99": lambda one: one != 99,
        "{}.between(-40000, 40000)": lambda one: -40000 <= one <= 40000,
        "{}.in_([0, 1, 2, 3, 4, 5, 7])": lambda one: one in {0, 1, 2, 3, 4, 5, 7},
        "sa.or_({0} > 2, {0} < 100)": lambda _: True,
    },
    "text": {
        '{} != "it\'s"': lambda one: one != "it's",
        "{} != '100%'": lambda one: one != "100%",
        "{} != 'a:b'": lambda one: one != "a:b",
        "{} != 'back\\\\slash'": lambda one: one != "back\\slash",
        "sa.func.length({}) < 30": lambda one: len(one) < 30,
        "{}.in_(['a', 'b', 'c', '', '7'])": lambda one: one in {"a", "b", "c", "", "7"},
        "{}.notlike('z%')": lambda one: not one.startswith("z"),
    },
    "decimal": {"{} < 1000": lambda one: one < 1000},
    "any": {"{}.is_not(None)": lambda one: one is not None},
}
"""By family: each condition as it is written, `{}` in place of the column, and as a function."""

FORMULAS = {
    "whole": {
        "{} + 1": lambda one: one + 1,
        "{} * 2": lambda one: one * 2,
        "-{}": lambda one: -one,
    },
    "text": {
        "sa.func.substr({}, 1, 1)": lambda one: one[:1],
        "sa.func.replace({}, 'a', \"it's 100% :x\")": lambda one: one.replace("a", "it's 100% :x"),
        "sa.func.coalesce({}, '')": lambda one: one,
    },
}
"""By family: each formula, likewise; what it makes of NULL is not known, or NULL."""


def is_met(rule, value):
    """Return whether a value meets a condition."""
    if rule == "{}.is_not(None)":
        return value is not None
    if value is None:
        return True
    return next(rules[rule] for rules in CHECKS.values() if rule in rules)(value)


def result(formula, value):
    """Return what a formula makes of a value."""
    if value is None:
        return "" if "coalesce" in formula else None
    return next(made[formula] for made in FORMULAS.values() if formula in made)(value)
