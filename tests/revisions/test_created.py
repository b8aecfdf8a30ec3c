"""What revisions made, read from their source."""

from flask_migrate.revisions.created import code_declared_in, declared, words_in, words_of
from flask_migrate.values.schema import Code, Name


def code(name, **more):
    return Code(kind="function", name=name, definition="...", **more)


def test_the_comment_above_a_statement_is_found_again(tmp_path):
    several = code(Name("far", "two\nlines"), signature="a integer, b text")
    path = tmp_path / "one.py"
    lines = [
        f"    # {declared(one)}\n    op.execute('...')" for one in (several, code(Name("", "f")))
    ]
    path.write_text("\n".join(["def upgrade():", *lines]), "utf-8")

    assert code_declared_in([path, tmp_path / "missing.py"]) == {
        "The models declare the function far.two lines(a integer, b text).",
        "The models declare the function f.",
    }


def test_what_somebody_wrote_by_hand_has_no_comment_and_is_spoken_of(tmp_path):
    path = tmp_path / "one.py"
    path.write_text("""op.execute('CREATE VIEW "By_Hand" AS SELECT 1')  # The models declare it.""")

    assert code_declared_in([path]) == set()
    assert words_of("by_hand") <= words_in([path])
    assert not words_of("other") <= words_in([path])
