import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import URL, make_url

from flask_migrate.database.hide import hide_passwords
from flask_migrate.database.urls import passwords, show_url


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ada:s3cret@localhost/shop",
        "postgresql://ada:s3cret@wrong@host:port/shop",
        "no connection to mysql+pymysql://:s3cret@localhost/shop: refused",
    ],
)
def test_the_password_of_any_address_is_hidden(text):
    assert "s3cret" not in hide_passwords(text)
    assert "***@" in hide_passwords(text)


def test_an_address_without_a_password_is_shown():
    text = "sqlite:////tmp/app.db and postgresql://ada@localhost/shop at 10:30"

    assert hide_passwords(text) == text


def test_a_known_password_is_hidden_wherever_it_stands_as_a_word():
    known = passwords([make_url("postgresql://ada:p%40ss@localhost/shop")])

    assert hide_passwords("tried p@ss, p%40ss and trespass", known=known) == (
        "tried ***, *** and trespass"
    )


def test_a_password_that_is_the_name_of_the_user_tells_nothing_and_is_shown():
    known = passwords([make_url("postgresql://postgres:postgres@localhost/shop")])

    assert hide_passwords('role "postgres"', known=known) == 'role "postgres"'


def test_a_password_in_the_query_is_known():
    assert passwords([make_url("postgresql://localhost/shop?password=s3cret")]) == ("s3cret",)


@given(st.text(st.characters(codec="ascii", exclude_categories=["C", "Z"]), min_size=4))
def test_an_address_is_never_shown_with_its_password(password):
    url = URL.create("postgresql", "ada", password, "localhost", database="shop")

    assert show_url(url) == "postgresql://ada:***@localhost/shop"
