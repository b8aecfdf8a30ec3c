import sys

from flask_migrate.autogenerate.unimported import find_unimported_models

MODEL = "class User(db.Model):\n    __tablename__ = 'users'\n    id = db.Column(db.Integer)\n"


def names(root):
    return {found.path.name: found.classes for found in find_unimported_models(root)}


def test_a_file_with_models_that_was_not_imported_is_found(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "models.py").write_text(
        f"{MODEL}\nclass Post(Base):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )

    assert names(tmp_path) == {"models.py": ("User", "Post")}


def test_an_imported_file_is_not_mentioned(tmp_path, monkeypatch):
    path = tmp_path / "models.py"
    path.write_text(MODEL)
    module = type(sys)("models_of_this_test")
    module.__file__ = str(path)
    monkeypatch.setitem(sys.modules, module.__name__, module)

    assert names(tmp_path) == {}


def test_what_is_no_model_is_not_mentioned(tmp_path):
    (tmp_path / "base.py").write_text(
        "class Base(db.Model):\n    __abstract__ = True\n    x = Column()\n"
    )
    (tmp_path / "form.py").write_text("class Form(Base):\n    name = StringField()\n# Column(\n")
    (tmp_path / "broken.py").write_text(f"{MODEL}\ndef (:\n")
    (tmp_path / "text.py").write_text("x = 1\n")

    assert names(tmp_path) == {}


def test_environments_and_migrations_are_not_searched(tmp_path):
    for place in ("venv", ".hidden", "node_modules", "migrations", "own-environment"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "models.py").write_text(MODEL)
    (tmp_path / "own-environment" / "pyvenv.cfg").touch()

    assert names(tmp_path) == {}
