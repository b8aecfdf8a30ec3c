"""Compare revision files for what they do, whatever their layout."""

import ast
import re

# Operations whose first argument is a name of their own, and not the table.
NAMED = {
    "create_index",
    "create_unique_constraint",
    "create_foreign_key",
    "create_check_constraint",
}
DROPPED = {"drop_index", "drop_constraint"}


def same_work(source: str) -> str:
    """Return a revision file without its date, layout, imports and batches.

    An index that is dropped right before its table goes with the table: Godwit leaves that to
    the table, because MariaDB keeps the index of a foreign key for as long as there is the key.

    Batch mode is written as the plain operations that it stands for:

    >>> print(same_work('''
    ... with op.batch_alter_table('users', schema=None) as batch_op:
    ...     batch_op.drop_index(batch_op.f('ix'))
    ...     batch_op.drop_column('phone')
    ... op.drop_index('ix', table_name='posts')
    ... op.drop_table('posts')
    ... '''))
    op.drop_index(op.f('ix'), table_name='users')
    op.drop_column('users', 'phone')
    op.drop_table('posts')
    """
    lines = [line for line in source.splitlines() if not line.startswith("Create Date: ")]
    tree = _WithoutBatch().visit(ast.parse("\n".join(lines)))
    tree.body = [one for one in tree.body if not isinstance(one, (ast.Import, ast.ImportFrom))]
    statements = ast.unparse(tree)
    dropped = re.findall(r"op\.drop_table\(('\w+')\)", statements)
    return re.sub(
        rf"\n *op\.drop_index\(.*, table_name=({'|'.join(dropped) or '$'})\)", "", statements
    )


class _WithoutBatch(ast.NodeTransformer):
    def visit_With(self, node: ast.With) -> list[ast.stmt] | ast.With:
        batch = node.items[0].context_expr
        if not (isinstance(batch, ast.Call) and ast.unparse(batch.func) == "op.batch_alter_table"):
            return node
        return [_Plain(batch.args[0]).visit(statement) for statement in node.body]


class _Plain(ast.NodeTransformer):
    """Writes an operation of a batch as the plain operation on its table."""

    def __init__(self, table: ast.expr) -> None:
        self._table = table

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name("op") if node.id == "batch_op" else node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        call = self.generic_visit(node).value
        name = call.func.attr
        if name in DROPPED:
            call.keywords.insert(0, ast.keyword("table_name", self._table))
        else:
            call.args.insert(1 if name in NAMED else 0, self._table)
        return ast.Expr(call)
