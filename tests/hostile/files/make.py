"""Makes the files beside it that no TOML can say: archives, workbooks and Parquet (needs pyarrow).

    python3 tests/hostile/files/make.py
"""

import datetime
import gzip
import io
import pathlib
import zipfile

import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent
DAY = (2026, 1, 1, 0, 0, 0)


def write(name, data):
    (HERE / name).write_bytes(data)


def archives():
    member = lambda text: gzip.compress(text, mtime=0)
    write("two_members.csv.gz", member(b"a\nx\n") + member(b"y\n"))
    write("many_members.csv.gz", member(b"") * 500 + member(b"a\nx\n"))
    write("sound.csv.zst", pyarrow.compress(b"a\nx\ny\n", "zstd", asbytes=True))
    members = "".join(f',"m{number}":0' for number in range(20_000))
    write("many_members.jsonl.gz", gzip.compress(f'{{"a":"x"{members}}}\n'.encode(), mtime=0))
    write("plain.zip", zipped({"a.csv": "a\nx\n"}))


def zipped(parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def sheet(rows):
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def text_row(number, *values):
    cells = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        for at, value in enumerate(values)
    )
    return f'<row r="{number}">{cells}</row>'


SOUND = text_row(1, "a", "b") + text_row(2, "x", "1") + text_row(3, "y", "2")


def workbook(rows=SOUND, sheets='<sheet name="S" sheetId="1" r:id="rId1"/>', **parts):
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    book = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{office}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{office}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet(rows),
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}"><si><t>a</t></si><si><t>x</t></si></sst>',
    }
    for name, text in parts.items():
        path = {"strings": "xl/sharedStrings.xml", "raw_sheet": "xl/worksheets/sheet1.xml", "book": "xl/workbook.xml",
                "relations": "xl/_rels/workbook.xml.rels"}[name]
        if text is None:
            del book[path]
        else:
            book[path] = text
    return book


def workbooks():
    shared = lambda *numbers: "".join(
        f'<row r="{at}"><c r="A{at}" t="s"><v>{number}</v></c></row>' for at, number in enumerate(numbers, 1)
    )
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    entity = lambda text: f'{HEAD}<!DOCTYPE sst [{text}]>'
    of = lambda **changes: zipped(workbook(**changes))
    write("sound.xlsx", of())
    write("file_entity.xlsx", of(rows=shared(0, 1), strings=entity('<!ENTITY e SYSTEM "file:///etc/passwd">')
          + f'<sst xmlns="{MAIN}"><si><t>a</t></si><si><t>&e;</t></si></sst>'))
    write("laughs.xlsx", of(rows=shared(0, 1), strings=entity(f'<!ENTITY l0 "lol">{laughs}')
          + f'<sst xmlns="{MAIN}"><si><t>a</t></si><si><t>&l9;</t></si></sst>'))
    write("index_beyond.xlsx", of(rows=shared(0, 1, 99)))
    write("index_negative.xlsx", of(rows=shared(0, -1, 1)))
    write("no_book.xlsx", of(book=None))
    write("no_sheet.xlsx", of(raw_sheet=None))
    write("no_relations.xlsx", of(relations=None))
    write("sheet_cut.xlsx", of(raw_sheet=sheet(SOUND)[:-60]))
    write("no_xml.xlsx", of(raw_sheet="\x00\x01<<<"))
    write("outside.xlsx", of(relations=f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
          f'Type="{OFFICE}/worksheet" Target="../../../../etc/passwd"/></Relationships>'))
    write("address.xlsx", of(relations=f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
          f'Type="{OFFICE}/worksheet" Target="http://127.0.0.1:9/sheet.xml" TargetMode="External"/></Relationships>'))
    write("column_beyond.xlsx", of(rows=SOUND + '<row r="4"><c r="ZZZZ4" t="inlineStr"><is><t>z</t></is></c></row>'))
    write("row_beyond.xlsx", of(rows=SOUND + '<row r="99999999999999999999"><c r="A1" t="inlineStr"><is><t>z</t></is></c></row>'))
    write("value_beyond_the_names.xlsx", of(rows=SOUND + text_row(4, "z", "3", "stray")))
    write("texts.xlsx", of(rows=text_row(1, "a", "b") + text_row(2, "=HYPERLINK(&quot;x&quot;)", "1")
          + text_row(3, "#N/A", "2") + text_row(4, "&lt;b&gt;", "3")))
    write("nul.xlsx", of(rows=text_row(1, "a", "b") + text_row(2, "x_x0000_y", "1") + text_row(3, "z", "2")))
    write("hidden.xlsx", of(sheets='<sheet name="H" sheetId="1" state="hidden" r:id="rId1"/>'))
    write("bomb.xlsx", of(rows=SOUND + ("<row>" + " " * 60_000 + "</row>") * 1_200))
    write("traversal.xlsx", zipped(workbook() | {"../../../../beside/owned": "x"}))
    write("password.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504))


def parquet(name, *columns, **how):
    table = pyarrow.Table.from_arrays([array for _, array in columns], names=[name for name, _ in columns])
    packed = io.BytesIO()
    pyarrow.parquet.write_table(table, packed, **({"compression": "none"} | how))
    write(name, packed.getvalue())


def parquets():
    texts = pyarrow.array(["x", "y"])
    parquet("sound.parquet", ("a", texts))
    parquet("packed.parquet", ("a", texts), compression="snappy")
    parquet("numbers.parquet", ("a", pyarrow.array([1, 2**40])))
    parquet("lists.parquet", ("a", pyarrow.array([["x"], ["y"]])))
    parquet("structs.parquet", ("a", pyarrow.array([{"b": "x"}, {"b": "y"}])))
    parquet("other_column.parquet", ("b", texts))
    parquet("column_twice.parquet", ("a", texts), ("a", texts))
    parquet("missing.parquet", ("a", pyarrow.array(["x", None])))
    parquet("no_rows.parquet", ("a", pyarrow.array([], pyarrow.string())))
    parquet("nul.parquet", ("a", pyarrow.array(["x", "y\x00z"])))
    parquet("floats.parquet", ("a", pyarrow.array([0.5, float("nan"), float("inf")])))
    parquet("unsigned.parquet", ("a", pyarrow.array([1, 2**63], pyarrow.uint64())))
    far = [datetime.date(2026, 11, 22), datetime.date(9999, 12, 31), datetime.date(1, 1, 1)]
    parquet("far_days.parquet", ("a", pyarrow.array(far)))
    times = pyarrow.array([0, 2**62], pyarrow.timestamp("us", "UTC"))
    parquet("far_times.parquet", ("a", times))
    bad = pyarrow.array([b"x", b"\xff\xfe"]).cast(pyarrow.binary())
    bad = pyarrow.Array.from_buffers(pyarrow.string(), 2, bad.buffers())
    parquet("no_utf8.parquet", ("a", bad))


archives()
workbooks()
parquets()
