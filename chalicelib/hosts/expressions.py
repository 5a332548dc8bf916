"""Rows, conditions and changes in the words of the DynamoDB API."""

from collections.abc import Mapping
from typing import Any, cast

from chalicelib.kernel.ports import Change, Key, Row, Value, When

Item = dict[str, dict[str, Any]]


def encoded(value: Value) -> dict[str, Any]:
    """Return the typed form of one value."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, list):
        return {"L": [{"B": element} for element in value]}
    return {"N": str(int(value))}


def decoded(typed: Mapping[str, Any]) -> Value:
    """Return the value of its typed form."""
    ((kind, raw),) = typed.items()
    if kind == "N":
        return int(raw)
    if kind == "L":
        return [element["B"] for element in raw]
    return cast(Value, raw)


def item(row: Row) -> Item:
    """Return the row with typed values."""
    return {name: encoded(value) for name, value in row.items()}


def row_of(typed: Item) -> Row:
    """Return the row of an item. Most values are texts: a page is read in half the time when they come first."""
    return {name: value["S"] if "S" in value else decoded(value) for name, value in typed.items()}


def key_item(key: Key) -> Item:
    """Return the key of a row as an item."""
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


def key_of(typed: Item) -> Key:
    """Return the key of an item."""
    return typed["pk"]["S"], typed["sk"]["S"]


class Words:
    """The expressions of one call, with their placeholders."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: Item = {}

    def call(self, **expressions: str) -> dict[str, Any]:
        """Return these expressions, less the empty ones, with the placeholders used so far."""
        found: dict[str, Any] = {name: text for name, text in expressions.items() if text}
        if self._names:
            found["ExpressionAttributeNames"] = {short: name for name, short in self._names.items()}
        if self._values:
            found["ExpressionAttributeValues"] = self._values
        return found

    def condition(self, when: When) -> str:
        """Return the condition expression, empty when everything is allowed."""
        parts = [f"{self._name(name)} = {self._value(value)}" for name, value in when.equals.items()]
        parts += [f"attribute_not_exists({self._name(name)})" for name in when.absent]
        parts += [f"attribute_exists({self._name(name)})" for name in when.present]
        parts += [self._under(name, f"size({self._name(name)})", bound) for name, bound in when.shorter.items()]
        parts += [self._under(name, self._name(name), bound) for name, bound in when.below.items()]
        return " AND ".join(parts)

    def update(self, change: Change) -> str:
        """Return the update expression, empty when nothing changes."""
        _refuse_overlap(change)  # not every engine does
        clauses = {
            "SET": [*self._settings(change)],
            "ADD": [f"{self._name(name)} {self._value(number)}" for name, number in change.add.items()],
            "REMOVE": [self._name(name) for name in change.remove],
        }
        return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)

    def _settings(self, change: Change) -> list[str]:
        parts = [f"{self._name(name)} = {self._value(value)}" for name, value in change.set.items()]
        for name, value in change.default.items():
            parts.append(f"{self._name(name)} = if_not_exists({self._name(name)}, {self._value(value)})")
        for name, element in change.append.items():
            old = f"if_not_exists({self._name(name)}, {self._value([])})"
            parts.append(f"{self._name(name)} = list_append({old}, {self._value([element])})")
        return parts

    def _under(self, name: str, measure: str, bound: int) -> str:
        # An absent list has length 0 and an absent number is 0, but the API compares nothing with an absent one.
        short, least = self._name(name), f"{measure} < {self._value(bound)}"
        return (
            f"(attribute_not_exists({short}) OR {least})" if bound > 0 else f"(attribute_exists({short}) AND {least})"
        )

    def _name(self, attribute: str) -> str:
        return self._names.setdefault(attribute, f"#{len(self._names)}")

    def _value(self, value: Value) -> str:
        short = f":{len(self._values)}"
        self._values[short] = encoded(value)
        return short


def _refuse_overlap(change: Change) -> None:
    names = [*change.set, *change.default, *change.append, *change.add, *change.remove]
    if len(names) != len(set(names)):
        raise ValueError("one attribute is changed twice in one call")
