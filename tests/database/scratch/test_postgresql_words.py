import pytest

from flask_migrate.database.scratch.postgresql_places import ScratchPlace, StandIn
from flask_migrate.database.scratch.postgresql_words import Words
from flask_migrate.values.schema import Name

PLACE = ScratchPlace(
    default="public",
    home="godwit_scratch_ab",
    stand_ins=(
        StandIn(name="godwit_scratch_ab_0", schema="public", quoted="public", is_visible=True),
        StandIn(name="godwit_scratch_ab_1", schema="sh'op", quoted='"sh\'op"', is_visible=False),
    ),
)
MADE = (Name("", "users"), Name("sh'op", "Size"), Name("sh'op", "n"))


@pytest.fixture
def words():
    return Words(PLACE, MADE)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("public.users", "SCRATCH_0.users"),
        ("PUBLIC . Users", "SCRATCH_0.Users"),
        ('"public"."users"', 'SCRATCH_0."users"'),
        ('"PUBLIC".users', '"PUBLIC".users'),
        ('public."Users"', 'public."Users"'),
        ("public.others", "public.others"),
        ("users.public", "users.public"),
        ('\'x\'::"sh\'op"."Size"[]', "'x'::SCRATCH_1.\"Size\"[]"),
        ("'x'::\"sh'op\".size", "'x'::\"sh'op\".size"),
        ("nextval('\"sh''op\".n')", "nextval('SCRATCH_1.n')"),
        ("'\"sh''op\".n'::regclass", "'SCRATCH_1.n'::regclass"),
        ("CAST('public.users' AS regclass)", "CAST('SCRATCH_0.users' AS regclass)"),
        ("DEFAULT 'public.users'", "DEFAULT 'public.users'"),
        ("'public.users', nextval('n')", "'public.users', nextval('n')"),
        (
            "E'it\\'s' || 'public.users' || public.users",
            "E'it\\'s' || 'public.users' || SCRATCH_0.users",
        ),
        ("$$public.users$$ public.users", "$$public.users$$ SCRATCH_0.users"),
        ("$a$public.users $$ $a$", "$a$public.users $$ $a$"),
        ("SCRATCH_0.mood", "public.mood"),
        ("SCRATCH_1.mood", '"sh\'op".mood'),
        ("nextval('SCRATCH_1.other')", "nextval('\"sh''op\".other')"),
        ("REFERENCES SCRATCH_0.others (id)", "REFERENCES SCRATCH_0.others (id)"),
        ("ON SCRATCH_0.users (name)", "ON SCRATCH_0.users (name)"),
        ("CHECK (price > 1.5 AND x.y = 2)", "CHECK (price > 1.5 AND x.y = 2)"),
    ],
)
def test_what_is_made_is_looked_for_in_the_scratch_place_and_nothing_else(words, given, expected):
    given, expected = (one.replace("SCRATCH", "godwit_scratch_ab") for one in (given, expected))

    assert words.in_statement(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("SCRATCH_1", "sh'op"),
        ("SCRATCH_0", "public"),
        ("SCRATCH_1.n", '"sh\'op".n'),
        (
            "CREATE INDEX i ON SCRATCH_0.t USING btree (a)",
            "CREATE INDEX i ON public.t USING btree (a)",
        ),
        ("nextval('SCRATCH_1.n'::regclass)", "nextval('\"sh''op\".n'::regclass)"),
        ("\"it's\" = 'x'::SCRATCH_1.n", "\"it's\" = 'x'::\"sh'op\".n"),
        ("SCRATCH_12 it's", "SCRATCH_12 it's"),
    ],
)
def test_what_the_server_says_is_said_of_the_real_schemas(words, given, expected):
    given, expected = (one.replace("SCRATCH", "godwit_scratch_ab") for one in (given, expected))

    assert words.in_text(given) == expected
