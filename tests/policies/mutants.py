"""Mutants of code: one small change each to the syntax tree of a module, in every place where one fits."""

import ast
from collections.abc import Iterator
from copy import deepcopy

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}

OTHERS = {0: 4, 1: 0}
"""what stands in the place of a number; 1 and 2 are words that hold anyway for citizens and professionals"""


def mutants(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield what was changed and where, with the changed module."""
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        if node in _untouched(tree):
            continue
        for way in _ways(node):
            changed = deepcopy(tree)
            twin = next(one for number, one in enumerate(ast.walk(changed)) if number == place)
            what = _change(changed, twin, way)
            yield f"line {getattr(node, 'lineno', 0)}: {what}", ast.fix_missing_locations(changed)


def _untouched(tree: ast.Module) -> set[ast.AST]:
    """Return the nodes of annotations and decorators: they decide nothing."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        told = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in ("Book", "Matrix")
        ):
            told.append(node.value)
        told += getattr(node, "decorator_list", [])
        for part in told:
            found |= set(ast.walk(part)) if part else set()
    return found


def _ways(node: ast.AST) -> list[str]:
    """Return the changes that fit a node."""
    ways: list[str] = []
    match node:
        case ast.Compare():
            ways = [f"op{place}" for place, op in enumerate(node.ops) if type(op) in SWAPS]
        case ast.BoolOp() | ast.BinOp() | ast.AugAssign() if type(node.op) in SWAPS:
            ways = ["swap"]
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            ways = ["drop"]
        case ast.IfExp():
            ways = ["always", "never"]
        case ast.If():
            ways = ["negate"]
        case ast.Constant(value=int()):
            ways = ["other"]
        case ast.Expr(value=ast.Call()):
            ways = ["delete"]
    return ways


def _change(tree: ast.Module, node: ast.AST, way: str) -> str:
    before = ast.unparse(node)
    if isinstance(node, ast.Compare):
        place = int(way.removeprefix("op"))
        node.ops[place] = SWAPS[type(node.ops[place])]()  # type: ignore[assignment]
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.IfExp):
        node.test = ast.Constant(way == "always")
    elif isinstance(node, ast.If):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Constant):
        node.value = (not node.value) if isinstance(node.value, bool) else OTHERS.get(int(node.value), 0)
    elif isinstance(node, ast.Expr):
        node.value = ast.Constant(value=None)
    elif isinstance(node, ast.UnaryOp):
        return _drop(tree, node, before)
    return f"{way} in `{' '.join(before.split())[:90]}`"


def _drop(tree: ast.Module, node: ast.UnaryOp, before: str) -> str:
    class Dropped(ast.NodeTransformer):
        def visit_UnaryOp(self, one: ast.UnaryOp) -> ast.AST:
            self.generic_visit(one)
            return one.operand if one is node else one

    Dropped().visit(tree)
    return f"drop the operator of `{before[:90]}`"
