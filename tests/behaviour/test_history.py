"""Our history is the one that Alembic reads from the same files."""

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.config import Config
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_migrate.revisions.scripts import Scripts


@st.composite
def histories(draw):
    """Revisions by identifier: parents, dependencies, labels and how the file is written."""
    size = draw(st.integers(1, 12))
    revisions = {}
    for number in range(size):
        earlier = [f"r{other}" for other in range(number)]
        several = st.lists(st.sampled_from(earlier or ["r0"]), unique=True, max_size=3)
        parents = tuple(draw(several)) if earlier else ()
        dependencies = tuple(draw(several)) if earlier and draw(st.booleans()) else ()
        revisions[f"r{number}"] = {
            "down_revision": draw(st.sampled_from(as_written(parents))),
            "depends_on": draw(
                st.sampled_from(as_written([one for one in dependencies if one not in parents]))
            ),
            "branch_labels": (f"label{number}",) if draw(st.integers(0, 5)) == 5 else None,
            "style": draw(st.sampled_from(sorted(STYLES))),
        }
    return revisions


def as_written(names):
    """Return the ways in which names stand in revision files."""
    if not names:
        return [None]
    return [tuple(names), *([names[0]] if len(names) == 1 else [list(names)])]


STYLES = {
    "plain": "{name} = {value!r}\n",
    "annotated": "{name}: Union[str, Sequence[str], None] = {value!r}\n",
    "computed": "{name} = (lambda: {value!r})()\n",
    "twice": "{name} = None\n{name} = {value!r}\n",
    "in a branch": "if True:\n    {name} = {value!r}\n",
}


def write(revisions, versions):
    """Write the files of a history."""
    for revision, facts in revisions.items():
        style = STYLES[facts["style"]]
        names = {"revision": revision, **facts}
        text = "".join(
            style.format(name=name, value=names[name])
            for name in ("revision", "down_revision", "branch_labels", "depends_on")
        )
        (versions / f"{revision}_.py").write_text(
            f'"""Message of {revision}\n\nand more"""\nfrom typing import Sequence, Union\n\n{text}'
            "\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
        )


def described(scripts):
    """Return everything that a script directory says about its revisions."""
    return {
        "heads": sorted(scripts.get_heads()),
        "effective heads": sorted(
            scripts.get_revision(one).revision for one in scripts.get_heads()
        ),
        "bases": sorted(scripts.get_bases()),
        "order": [script.revision for script in scripts.walk_revisions()],
        "upgrade": [
            (step.revision.revision, step.is_upgrade)
            for step in scripts._upgrade_revs("heads", None)
        ],
        "revisions": {
            script.revision: (
                script.down_revision,
                script.dependencies,
                sorted(script.branch_labels),
                script.doc,
                script.longdoc,
                sorted(script.nextrev),
                script.is_head,
                script.is_branch_point,
                script.is_merge_point,
            )
            for script in scripts.walk_revisions()
        },
    }


@given(revisions=histories())
@settings(max_examples=60)
def test_heads_order_labels_and_texts_are_those_of_alembic(revisions):
    with TemporaryDirectory() as directory:
        versions = Path(directory, "versions")
        versions.mkdir()
        write(revisions, versions)
        config = Config()
        config.set_main_option("script_location", directory)

        ours, theirs = (
            described(Scripts.from_config(config)),
            described(ScriptDirectory.from_config(config)),
        )

    assert ours == theirs
