from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from dataforge.schema import Column, IntegerType, Schema, Table
from dataforge.schema.diagram.dot import dot
from dataforge.schema.diagram.facts import edges
from dataforge.schema.diagram.layout import Place, Size, layout
from dataforge.schema.diagram.mermaid import mermaid
from dataforge.schema.diagram.svg import MOST_COLUMNS, svg
from dataforge.schema.diagram.terminal import text
from diagram.schemas import key, shop


def test_relations_in_words() -> None:
    found = {(edge.child.name, edge.key.columns[0]): edge.meaning for edge in edges(shop())}
    assert found == {
        ("categories", "parent_id"): "many to zero or one",
        ("orders", "customer_id"): "many to one",
        ("Order Lines", "order_id"): "many to one",
        ("Order Lines", "category"): "many to one",
        ("invoices", "order_id"): "one to one",
    }


def test_mermaid() -> None:
    drawn = mermaid(shop()).splitlines()
    assert drawn[0] == "erDiagram"
    assert "        integer id PK" in drawn
    assert "        string_60 email UK" in drawn
    assert '    Order_Lines["Order Lines"] {' in drawn
    assert '    customers ||--o{ orders : "customer_id"' in drawn
    assert '    categories |o--o{ categories : "parent_id"' in drawn
    assert '    categories ||..o{ Order_Lines : "category"' in drawn
    assert '    orders ||--o| invoices : "order_id"' in drawn


def test_mermaid_keeps_names_apart_that_its_alphabet_makes_equal() -> None:
    tables = tuple(
        Table(name=name, columns=(Column(name="1 st", type=IntegerType()),))
        for name in ("a b", "a-b", "a.b", "ärzte", "表")
    )
    lines = mermaid(Schema(tables=tables)).splitlines()
    heads = [line.split("[")[0].split()[0] for line in lines if line.endswith("{")]
    assert len(set(heads)) == len(tables)
    assert '        integer t_1_st "1 st"' in lines


def test_dot_names_ports_and_escapes() -> None:
    drawn = dot(shop())
    assert '"orders":c1 -> "customers":c0 [arrowtail=crowodot, arrowhead=teetee' in drawn
    assert '"invoices":c0 -> "orders":c0 [arrowtail=teetee' in drawn
    assert "style=dashed" in drawn
    odd = Table(name='a"<b>', columns=(Column(name="x&y", type=IntegerType()),))
    assert '"a\\"<b>" [label=<' in dot(Schema(tables=(odd,)))
    assert "a&quot;&lt;b&gt;" in dot(Schema(tables=(odd,)))
    assert "x&amp;y" in dot(Schema(tables=(odd,)))


def test_terminal_drawing_names_everything() -> None:
    drawn = text(shop())
    for table in shop().tables:
        assert table.name in drawn
        assert all(column.name in drawn for column in table.columns)
    assert "order_status" in drawn
    assert "5,000 rows" in drawn
    assert "6 tables, 5 relations" in drawn


def test_terminal_tree_hangs_a_table_below_its_owner() -> None:
    lines = text(shop()).splitlines()
    branch = next(line for line in lines if "Order Lines  order_id" in line)
    assert "many to one  (also category → categories)" in branch
    assert "categories  (also parent_id → categories)" in "\n".join(lines)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_terminal_drawing_keeps_to_its_width(width: int) -> None:
    assert max(len(line) for line in text(shop(), width).splitlines()) <= width


def test_mutual_references_are_drawn() -> None:
    schema = shop()
    customers, *rest = schema.tables
    back = (
        schema.table("orders")
        .foreign_keys[0]
        .model_copy(update={"columns": ("id",), "parent": "orders", "parent_columns": ("id",)})
    )
    ring = customers.model_copy(update={"foreign_keys": (back,)})
    drawn = text(schema.model_copy(update={"tables": (ring, *rest)}))
    assert drawn.count("orders") >= 3


def test_svg_is_well_formed_and_names_every_table() -> None:
    tree = ET.fromstring(svg(shop()))  # noqa: S314  - our own text
    words = {element.text for element in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert {table.name for table in shop().tables} <= words
    titles = [element.text for element in tree.iter("{http://www.w3.org/2000/svg}title")]
    assert "orders.customer_id → customers: many to one" in titles
    assert len(titles) == 5


def test_svg_of_a_wide_table_counts_the_columns_it_leaves_out() -> None:
    columns = tuple(Column(name=f"c{i}", type=IntegerType()) for i in range(40))
    drawn = svg(Schema(tables=(Table(name="wide", columns=columns, primary_key=("c39",)),)))
    assert ">c39<" in drawn
    assert f"… {40 - MOST_COLUMNS + 1} more columns" in drawn


def test_svg_of_an_empty_schema() -> None:
    assert ET.fromstring(svg(Schema())).tag.endswith("svg")  # noqa: S314  - our own text


def overlaps(a: tuple[Place, Size], b: tuple[Place, Size]) -> bool:
    (pa, sa), (pb, sb) = a, b
    return (
        pa.x < pb.x + sb.width
        and pb.x < pa.x + sa.width
        and pa.y < pb.y + sb.height
        and pb.y < pa.y + sa.height
    )


def test_boxes_never_overlap_and_children_stand_right_of_their_parents() -> None:
    sizes = {f"t{i}": Size(120 + i % 7 * 20, 60 + i % 5 * 90) for i in range(60)}
    links = [(f"t{i}", f"t{i // 3}") for i in range(1, 40)] + [("t0", "t39"), ("t5", "t5")]
    places = layout(sizes, links).places
    boxes = [(places[name], size) for name, size in sizes.items()]
    assert set(places) == set(sizes)
    assert not any(overlaps(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    right = [places[child].x > places[parent].x for child, parent in links if child != parent]
    assert sum(right) >= len(right) - 1


def test_long_links_pass_between_boxes() -> None:
    sizes = {f"t{i}": Size(120 + i % 7 * 20, 60 + i % 5 * 30) for i in range(20)}
    links = [(f"t{i}", f"t{i // 3}") for i in range(1, 20)] + [("t19", "t0"), ("t16", "t0")]
    found = layout(sizes, links)
    boxes = [(found.places[name], size) for name, size in sizes.items()]
    lanes = [(Place(lane.left, lane.y), Size(lane.right - lane.left, 1))
             for each in found.lanes.values() for lane in each]  # fmt: skip
    assert lanes
    assert not any(overlaps(lane, box) for lane in lanes for box in boxes)


def test_a_notebook_shows_a_schema_as_its_picture() -> None:
    assert shop()._repr_svg_() == svg(shop())


def test_a_column_of_two_foreign_keys_names_both_parents() -> None:
    schema = shop()
    orders = schema.table("orders")
    twice = (*orders.foreign_keys, key("customer_id", "categories"))
    changed = orders.model_copy(update={"foreign_keys": twice})
    tables = tuple(changed if table is orders else table for table in schema.tables)
    assert "→ customers, categories" in text(schema.model_copy(update={"tables": tables}))
