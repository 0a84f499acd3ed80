"""How Japanese names are read, and that it is the reading of the row's own name."""

from __future__ import annotations

import re

import pytest

import dataforge
from dataforge.engine.generators.records import identity
from dataforge.engine.generators.records.readings import katakana


@pytest.mark.parametrize(
    ("name", "reading", "kana"),
    [
        ("佐藤", "sato", "サトウ"),
        ("鈴木", "suzuki", "スズキ"),
        ("近藤", "kondo", "コンドウ"),
        ("大野", "ono", "オオノ"),
        ("小野", "ono", "オノ"),
        ("洋子", "yoko", "ヨウコ"),
        ("幸子", "sachiko", "サチコ"),
        ("健一", "kenichi", "ケンイチ"),
        ("純也", "junya", "ジュンヤ"),
        ("服部", "hattori", "ハットリ"),
        ("", "matsumoto", "マツモト"),
    ],
)
def test_readings_in_katakana(name: str, reading: str, kana: str) -> None:
    assert katakana(reading, name) == kana


def test_every_name_of_the_lists_is_read_whole() -> None:
    names = [
        *zip(identity.last_names("ja_JP"), identity.last_readings("ja_JP"), strict=True),
        *zip(identity.first_names("ja_JP"), identity.first_readings("ja_JP"), strict=True),
    ]
    for name, reading in names:
        assert re.fullmatch("[ァ-ヴー]+", katakana(reading, name)), name


def test_a_column_of_readings_agrees_with_the_name() -> None:
    ddl = """CREATE TABLE 顧客 (顧客番号 int PRIMARY KEY, 姓 varchar(20) NOT NULL,
      名 varchar(20) NOT NULL, フリガナ varchar(60) NOT NULL, セイ varchar(30) NOT NULL);"""
    data = dataforge.generate(dataforge.from_ddl(ddl, dialect="postgres"), rows=300)
    lasts = dict(zip(identity.last_names("ja_JP"), identity.last_readings("ja_JP"), strict=True))
    for row in data["顧客"].to_arrow().to_pylist():
        assert row["フリガナ"].split(" ")[0] == row["セイ"]
        assert row["セイ"] == katakana(lasts[row["姓"]], row["姓"])
