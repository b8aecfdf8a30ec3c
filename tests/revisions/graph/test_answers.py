"""Our graph answers as Alembic's `RevisionMap` does, whatever the history and whatever is asked."""

import warnings

import pytest
from alembic.script.revision import Revision, RevisionError, RevisionMap
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flask_migrate.errors import InvalidRange, MigrateError, UnknownRevision
from flask_migrate.revisions.graph import ranges
from flask_migrate.revisions.graph.graph import Graph
from flask_migrate.revisions.graph.names import BASE, identified, places, steps_of
from flask_migrate.revisions.graph.verify import verify
from flask_migrate.revisions.read import RevisionSource

REFUSED = "refused"
# Alembic's way to say so where it did not think of it.
CRASHES = (AssertionError, AttributeError, TypeError, ValueError, KeyError, IndexError)


@st.composite
def histories(draw, *, most_dependencies=1):
    """Revisions in the order of their files, with merges, dependencies and labels."""
    size = draw(st.integers(1, 14))
    names = [draw(st.sampled_from(["abcd", "abce", "f00d"])) + f"{n:02}" for n in range(size)]
    sources = []
    for number, name in enumerate(names):
        earlier = st.sampled_from(names[:number] or [name])
        parents = draw(st.lists(earlier, unique=True, max_size=2)) if number else []
        if number and not parents and draw(st.integers(0, 3)):
            parents = [names[number - 1]]
        needs = draw(st.lists(earlier, unique=True, max_size=most_dependencies)) if number else []
        if draw(st.integers(0, 2)):
            needs = []
        labelled = draw(st.integers(0, 4)) == 0
        sources.append(
            RevisionSource(
                path=f"{name}.py",
                revision=name,
                down_revision=tuple(parents) or None,
                branch_labels=(f"label{number}",) if labelled else None,
                depends_on=tuple(one for one in needs if one not in parents) or None,
            )
        )
    return draw(st.permutations(sources))


@st.composite
def questions(draw, sources):
    """A name that somebody may write."""
    revisions = [source.revision for source in sources]
    labels = [label for source in sources for label in source.branch_labels or ()]
    some = st.sampled_from(revisions)
    branch = st.sampled_from([*labels, *labels, *revisions, "nobody"])
    steps = st.integers(-4, 4).filter(bool).map("{:+}".format)
    plain = st.one_of(
        some,
        st.sampled_from(["head", "heads", "base"]),
        st.builds(lambda one, cut: one[:cut], some, st.integers(2, 6)),
        branch,
    )
    written = draw(
        st.one_of(
            plain,
            steps,
            st.builds("{}{}".format, some, steps),
            st.builds("{}@{}".format, branch, st.one_of(plain, steps)),
        )
    )
    # Alembic goes on from the heads, which is nowhere near the base.
    assume("base-" not in written)
    # It does not always look whether there is such a branch, and then answers with nothing.
    assume(
        outcome(lambda: identified(Graph(sources), written.partition("@")[0])) != REFUSED
        or "@" not in written
    )
    return written


@st.composite
def asked(draw, *, most_dependencies=1):
    """A history, what a database has of it, and two names."""
    sources = draw(histories(most_dependencies=most_dependencies))
    graph = Graph(sources)
    some = draw(st.lists(st.sampled_from(sorted(graph.sources)), unique=True, max_size=3))
    have = graph.ancestors(some, with_dependencies=True)
    tips = [one for one in graph.sources if one in have and not have & set(follows(graph, one))]
    return sources, tuple(tips), draw(questions(sources)), draw(questions(sources))


def follows(graph, revision):
    return graph.followers.get(revision, ())


def alembics(sources):
    """Return Alembic's map of the same revisions."""
    revisions = [
        Revision(source.revision, source.down_revision, source.depends_on, source.branch_labels)
        for source in sources
    ]
    found = RevisionMap(lambda: revisions)
    found._revision_map  # noqa: B018  (it is made here, and not inside of what is measured)
    return found


def outcome(ask):
    """Return an answer, or that there is none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ask()
    except (RevisionError, MigrateError):
        return REFUSED


def agree(ours, theirs, *, may_know_more=False):
    """Demand one answer, unless Alembic fails instead of answering, or may refuse to."""
    try:
        expected = outcome(theirs)
    except CRASHES:
        outcome(ours)
        return
    assert outcome(ours) == expected or (may_know_more and expected == REFUSED)


def named(found):
    """Return the names of Alembic's revisions."""
    return [getattr(one, "revision", "base") for one in found if one is not None]


def shown(found):
    return ["base" if one is BASE else one for one in found]


@given(asked=asked())
@settings(max_examples=300, derandomize=True)
def test_a_name_stands_for_the_same_revisions(asked):
    sources, _, name, _ = asked
    graph, theirs = Graph(sources), alembics(sources)

    agree(
        lambda: sorted(shown(places(graph, name))),
        lambda: sorted(named(theirs.get_revisions(name))),
    )


@given(asked=asked())
@settings(max_examples=300, derandomize=True)
def test_a_range_has_the_same_revisions_in_the_same_order(asked):
    sources, applied, base, head = asked
    graph, theirs = Graph(sources), alembics(sources)
    # Alembic refuses some that are counted: those that lead too far, and where both ends are.
    counted = steps_of(base) is not None

    for lower, upper in (
        (base, head),
        ("base", head),
        (base, "heads"),
        (applied or "base", "heads"),
    ):
        agree(
            lambda lower=lower, upper=upper: ranges.between(graph, lower, upper),
            lambda lower=lower, upper=upper: named(
                theirs.iterate_revisions(upper, lower, inclusive=True, assert_relative_length=False)
            ),
            may_know_more=counted,
        )


@given(asked=asked())
@settings(max_examples=300, derandomize=True)
def test_the_same_runs_on_the_way_up_in_the_same_order(asked):
    sources, applied, name, _ = asked
    graph, theirs = Graph(sources), alembics(sources)

    for destination in (name, "heads"):
        agree(
            lambda destination=destination: ranges.upgrade(graph, destination, applied),
            lambda destination=destination: named(
                theirs.iterate_revisions(destination, applied, implicit_base=True)
            )[::-1],
        )


@given(asked=asked())
@settings(max_examples=300, derandomize=True)
def test_the_same_is_undone_in_the_same_order(asked):
    sources, applied, name, _ = asked
    graph, theirs = Graph(sources), alembics(sources)

    for destination in (name, "base", "-1"):
        agree(
            lambda destination=destination: ranges.downgrade(graph, destination, applied),
            lambda destination=destination: named(
                theirs.iterate_revisions(applied, destination, select_for_downgrade=True)
            ),
        )


@given(asked=asked(most_dependencies=4))
@settings(max_examples=200, derandomize=True)
def test_several_dependencies_run_the_same_revisions(asked):
    # Alembic keeps them in a set, so their order is anything.
    sources, applied, name, _ = asked
    graph, theirs = Graph(sources), alembics(sources)

    agree(
        lambda: sorted(ranges.upgrade(graph, name, applied)),
        lambda: sorted(named(theirs.iterate_revisions(name, applied, implicit_base=True))),
    )
    agree(
        lambda: sorted(ranges.downgrade(graph, name, applied)),
        lambda: sorted(named(theirs.iterate_revisions(applied, name, select_for_downgrade=True))),
    )


@given(asked=asked(most_dependencies=3))
@settings(max_examples=200, derandomize=True)
def test_a_database_is_at_the_same_revisions(asked):
    sources, applied, *_ = asked
    graph, theirs = Graph(sources), alembics(sources)

    assert ranges.current(graph, applied) == set(named(theirs._get_all_current(applied)))
    assert sorted(graph.heads) == sorted(theirs.heads)
    assert sorted(graph.effective_heads) == sorted(theirs._real_heads)


@given(sources=histories(most_dependencies=3))
@settings(max_examples=200, derandomize=True)
def test_labels_and_requirements_are_the_same(sources):
    graph, theirs = Graph(sources), alembics(sources)

    for revision in graph.sources:
        one = theirs.get_revision(revision)
        assert graph.labels.get(revision, frozenset()) == one.branch_labels
        assert set(graph.requirements[revision]) == set(one._normalized_down_revisions)
        assert set(follows(graph, revision)) == one._all_nextrev
        assert set(graph.children.get(revision, ())) == one.nextrev


@pytest.mark.parametrize("name", ["nobody@base", "nobody@head", "nobody@abcd00", "nobody"])
def test_a_branch_that_is_not_there_is_refused(name):
    graph = Graph([RevisionSource(path="abcd00.py", revision="abcd00")])

    for ask in (ranges.between, lambda *given: ranges.downgrade(*given, ("abcd00",))):
        with pytest.raises(UnknownRevision, match="nobody"):
            ask(graph, name)


def test_what_hangs_on_a_revision_that_is_not_asked_for_is_refused():
    graph = Graph(
        [
            RevisionSource(path="a.py", revision="a"),
            RevisionSource(path="b.py", revision="b", down_revision="a"),
            RevisionSource(path="c.py", revision="c", depends_on="b"),
            RevisionSource(path="d.py", revision="d", down_revision=("a", "c")),
        ]
    )

    with pytest.raises(InvalidRange):
        ranges.between(graph, "a", "d")
    assert ranges.between(graph, "base", "d") == ["d", "c", "b", "a"]


@given(sources=histories(most_dependencies=3))
def test_every_revision_comes_before_what_leads_to_it(sources):
    graph = Graph(sources)
    verify(graph, sources)

    listed = ranges.between(graph)

    assert sorted(listed) == sorted(graph.sources)
    place = {revision: number for number, revision in enumerate(listed)}
    assert all(
        place[revision] < place[below]
        for revision in listed
        for below in graph.requirements[revision]
    )
