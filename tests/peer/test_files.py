"""The files that are written do what those of the peer do."""

import ast

import pytest

from tests.peer.scripts import same_work
from tests.support.project import APPLICATION, USER

USER_AND_POSTS = f"""{USER}
    phone = db.Column(db.String(20), nullable=True)
    email = db.Column(db.String(120), unique=True, nullable=False, index=True, server_default="x")


class Post(db.Model):
    __tablename__ = "posts"
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), unique=True)
    place = db.Column(db.Integer, index=True)
    price = db.Column(db.Numeric(10, 2), nullable=False, server_default="0")
    user_id = db.Column(db.ForeignKey("users.id"), nullable=False)
    __table_args__ = (db.UniqueConstraint("title", "user_id", name="uq_title_user"),)
"""
LONGER_NAMES = f"""{USER.replace("80", "200").replace("nullable=False", "nullable=True")}
    phone = db.Column(db.Text, nullable=False)
"""
MODELS = (USER, USER_AND_POSTS, LONGER_NAMES)
MESSAGES = ("first", "two words, Ünïcode: 'quoted'", "")


def _evolve():
    """Yield the steps of an application whose models change twice, and go back."""
    yield ["init"]
    for number, (models, message) in enumerate(zip(MODELS, MESSAGES, strict=True)):
        yield {"app.py": APPLICATION + models}
        yield ["check"]
        yield ["migrate", "-m", message, "--rev-id", f"a{number}", "-x", "any=thing"]
        yield ["migrate", "-m", "too early"]
        yield ["check"]
        yield ["upgrade"]
        yield ["check"]
        yield ["migrate", "-m", "nothing to do"]
    yield ["revision", "-m", "empty", "--rev-id", "b0"]
    yield ["upgrade", "-x", "a=1", "-x", "b", "--tag", "any"]
    yield ["revision", "--autogenerate", "-m", "still nothing"]
    for revision in ("-1", "a1", "a0", "base"):
        yield ["downgrade", revision] if revision != "-1" else ["downgrade"]


@pytest.fixture
def evolved(make_twins, dialect):
    """Both sides after the evolution; the commands said and did the same."""
    made = make_twins(dialect)
    first, *others = _evolve()
    made.models(USER)
    made.run(first)
    made.agree(*others)
    return made


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def dialect(request):
    """The kind of server."""
    return request.param


def test_an_evolution_leaves_the_same_schema_and_the_same_files(evolved):
    ours, peer = (
        {path.name: path.read_text("utf-8") for path in side.project.versions}
        for side in evolved.sides
    )

    assert len(peer) == len(MODELS) + 1
    assert ours.keys() == peer.keys()
    for name in ("a0_first.py", "b0_empty.py"):
        # The others name every constraint, and their order is ours.
        assert same_work(ours[name]) == same_work(peer[name])
    assert all("flask_migrate" not in text for text in ours.values())


def test_lines_inside_of_brackets_are_indented_one_step_further(sqlite_twins):
    sqlite_twins.models(USER)
    sqlite_twins.run(["init"], ["migrate", "-m", "users", "--rev-id", "a0"])
    ours, peer = (side.project.newest().splitlines() for side in sqlite_twins.sides)

    # Imports are sorted, so that ruff has nothing to say of a file.
    assert list(_lines(ours)) == list(_lines(peer))
    assert {*_imports(ours)} == {*_imports(peer)}
    assert "    sa.PrimaryKeyConstraint('id')" in peer
    assert "        sa.PrimaryKeyConstraint('id')" in ours


def _lines(lines):
    imports = {*_imports(lines)}
    return (one.strip() for one in lines if one.strip() and one not in imports
            and "Create Date" not in one)  # fmt: skip


def _imports(lines):
    return (one for one in lines if one.startswith(("import ", "from ")))


def test_only_what_must_copy_a_table_is_in_batch_mode(sqlite_twins):
    first, *others = _evolve()
    sqlite_twins.models(USER)
    sqlite_twins.run(first)
    for side in sqlite_twins.sides:
        side.drive(others)
    ours, peer = (
        [_batched(path.read_text("utf-8")) for path in side.project.versions[:3]]
        for side in sqlite_twins.sides
    )

    assert [bool(batches) for batches in peer] == [False, True, True]
    assert ours[0] == []
    assert "add_column" not in ours[1]
    assert "create_index" not in ours[1]
    assert {"alter_column"} <= set(ours[2]) <= set(peer[2])


def _batched(source):
    """Return the name of every operation that is in batch mode."""
    return [
        node.func.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "batch_op"
        and node.func.attr != "f"
    ]


PLACES = (
    ["revision", "-m", "on a branch", "--head", "a1", "--splice", "--rev-id", "b1"],
    ["revision", "-m", "no head", "--head", "a1", "--rev-id", "b2"],
    ["heads"],
    ["upgrade"],
    ["stamp"],
    ["migrate", "-m", "two heads"],
    ["revision", "-m", "two heads"],
    ["merge", "-m", "both", "--rev-id", "m1", "heads"],
    ["merge", "-m", "no heads", "--rev-id", "m2", "a1", "b1"],
    ["merge", "-m", "no such", "--rev-id", "m3", "a1", "zz"],
    ["revision", "--head", "base", "-m", "root", "--rev-id", "r1", "--branch-label", "root"],
    ["revision", "--head", "root@head", "-m", "on it", "--rev-id", "r2"],
    ["revision", "--head", "zz", "-m", "no such"],
    ["revision", "--head", "m1", "--version-path", "nowhere", "-m", "elsewhere"],
    ["revision", "--sql"],
    ["migrate", "--sql"],
    ["merge", "--branch-label", "all", "--rev-id", "m4", "m1", "r2"],
    ["history"],
    ["branches"],
    ["upgrade", "heads"],
    ["downgrade", "base"],
)


def test_new_revisions_take_the_same_place_in_the_history(sqlite_twins):
    sqlite_twins.models()
    sqlite_twins.run(["init"], *(["revision", "--rev-id", f"a{number}"] for number in range(3)))

    sqlite_twins.agree(*PLACES)

    ours, peer = (
        {path.name: same_work(path.read_text("utf-8")) for path in side.project.versions}
        for side in sqlite_twins.sides
    )
    assert ours == peer


def test_init_makes_the_same_files(sqlite_twins):
    sqlite_twins.models()
    sqlite_twins.run(
        ["init"],
        ["init", "-d", "more/packages", "--package"],
        ["init", "-d", "several", "--multidb"],
        ["init", "-d", "later", "-t", "aioflask", "--multidb"],
        ["init", "-d", "later2", "-t", "aioflask-multidb"],
    )
    ours, peer = (_files(side) for side in sqlite_twins.sides)

    assert ours == peer
    assert "more/packages/versions/__init__.py" in ours
    sqlite_twins.agree(["init"], ["init", "-d", "new", "-t", "nope"], ["init", "--nope"])
    assert _files(sqlite_twins.ours) == ours


def _files(side):
    place = side.project.path
    return {
        str(path.relative_to(place)) for path in place.rglob("*") if "__pycache__" not in path.parts
    }


def test_templates_have_the_same_names(sqlite_twins):
    sqlite_twins.models()
    ours, peer = (side.drive([["list-templates"]])[0]["stdout"] for side in sqlite_twins.sides)

    assert [line.partition(" ")[0] for line in ours.splitlines()] == [
        line.partition(" ")[0] for line in peer.splitlines()
    ]
