"""EDI files as partners write them: split, put into envelopes, and named where the envelopes are wrong."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
from pydifact.segmentcollection import Interchange
from pyx12.x12file import X12Reader

from ingest.readers.edi.envelopes import Envelopes, Transaction
from ingest.readers.edi.read import read_edi
from ingest.readers.edi.segments import looks_like_edi, split_segments
from ingest.readers.open import open_document
from rtv_core.errors import InvalidInput

SAMPLES = Path(__file__).resolve().parents[4].parent / "shared" / "samples" / "edi"
ISA = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'MEGASTORE':15}*ZZ*{'BRAND':15}*261105*0930*U*00401*000000042*0*P*>~"
RETURN = "ST*180*0001~BGN*00*R-1*20261105~BLI*SK*S1*5*EA*10~SE*4*0001~"
GOOD = f"{ISA}GS*AN*MEGASTORE*BRAND*20261105*0930*42*X*004010~{RETURN}GE*1*42~IEA*1*000000042~"
EDIFACT = (
    "UNA:+.? 'UNB+UNOC:3+MEGA:14+BRAND:14+261105:0930+77'UNH+1+RETANN:D:01B:UN:EAN004'BGM+35E+R-2+9'"
    "DTM+137:20261105:102'LIN+1++8901234500019:SRV'QTY+61:3'UNT+6+1'UNZ+1+77'"
)


def walk(text: str) -> tuple[list[Transaction], list[str]]:
    envelopes = Envelopes()
    found = list(envelopes.transactions(segment for segment, _ in split_segments(text)))
    return found, [finding.code for finding in envelopes.findings]


def test_a_sound_interchange_has_no_findings() -> None:
    for text in (GOOD, EDIFACT):
        messages, codes = walk(text)
        assert (len(messages), codes) == (1, [])
    message = walk(GOOD)[0][0]
    assert (message.message_type, message.sender, message.receiver) == ("180", "MEGASTORE", "BRAND")
    assert message.prepared_at == "2026-11-05T09:30:00"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GOOD.replace("SE*4*", "SE*9*"), "COUNT_WRONG"),
        (GOOD.replace("GE*1*42", "GE*3*42"), "COUNT_WRONG"),
        (GOOD.replace("IEA*1*000000042", "IEA*1*000000043"), "CONTROL_NO_DIFFERS"),
        (GOOD.replace("GS*AN", "GS*IN"), "GROUP_TYPE_DIFFERS"),
        (GOOD.replace(RETURN, RETURN * 2).replace("GE*1", "GE*2"), "CONTROL_NO_TWICE"),
        (GOOD + GOOD, "CONTROL_NO_TWICE"),
        (GOOD.replace("SE*4*0001~", ""), "TRAILER_MISSING"),
        (GOOD.replace("IEA*1*000000042~", ""), "TRAILER_MISSING"),
        (GOOD.replace("ST*180*0001~", ""), "SEGMENT_OUTSIDE"),
        (GOOD + "IEA*1*1~", "HEADER_MISSING"),
        (EDIFACT.replace("UNT+6", "UNT+8"), "COUNT_WRONG"),
        (EDIFACT.replace("UNZ+1+77", "UNZ+1+78"), "CONTROL_NO_DIFFERS"),
    ],
)
def test_what_an_envelope_gets_wrong_is_named_and_the_message_is_read(text: str, code: str) -> None:
    messages, codes = walk(text)
    assert code in codes
    if code != "SEGMENT_OUTSIDE":
        assert [segment.tag for segment in messages[0].segments][:2] in (["BGN", "BLI"], ["BGM", "DTM"])


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace("~", "~\r\n"),
        GOOD.replace("~", "\n"),
        GOOD.replace("~", "\r\n"),
        GOOD.replace(">~", "\\~", 1),
        GOOD.replace("MEGASTORE      ", "MEGASTORE").replace("BRAND          ", "BRAND"),
        GOOD.replace("*", "|"),
        RETURN,
        RETURN.replace("~", "~\n"),
        RETURN.replace("~", "\n"),
        f"{ISA}{RETURN}IEA*1*000000042~",
    ],
)
def test_delimiters_padding_marks_and_missing_envelopes_do_not_matter(text: str) -> None:
    message = walk(text)[0][0]
    assert message.message_type == "180"
    assert [segment.tag for segment in message.segments] == ["BGN", "BLI"]
    line = message.segments[1]
    assert [line.get(place) for place in (1, 2, 3, 5)] == ["SK", "S1", "5", "10"]


def test_two_standards_in_one_file_are_both_read() -> None:
    messages, codes = walk(GOOD + "\n" + EDIFACT + GOOD.replace("000000042", "000000043"))
    assert [message.message_type for message in messages] == ["180", "RETANN", "180"]
    assert codes == []


def test_groups_of_edifact_and_released_delimiters_are_read() -> None:
    text = EDIFACT.replace("UNH+1", "UNG+RETANN+A+B+261105:0930+5+UN+D:01B'UNH+1").replace(
        "UNZ", "UNE+1+5'UNZ"
    )
    messages, codes = walk(text.replace("R-2", "R?+2?'?:??"))
    assert codes == []
    assert messages[0].segments[0].get(2) == "R+2':?"


def test_a_file_that_only_begins_like_edi_is_none(tmp_path: Path) -> None:
    for text in ("STATUS,qty\n1,2\n", "ISA is a name\n", "GSTIN*x", "UNABLE to read", '{"ST": 1}', ""):
        assert not looks_like_edi(text), text
    path = tmp_path / "x.edi"
    path.write_text(ISA[:60], encoding="ascii")
    with pytest.raises(InvalidInput):
        read_edi(path)


def test_an_interchange_without_a_message_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.edi"
    path.write_text(f"{ISA}IEA*0*000000042~", encoding="ascii")
    with pytest.raises(InvalidInput) as caught:
        open_document(path, path.name)
    assert caught.value.code == "EDI_EMPTY"


def test_a_cut_interchange_yields_what_came_before_the_cut() -> None:
    for length in range(len(ISA), len(GOOD)):
        messages, _ = walk(GOOD[:length])
        for message in messages:
            assert message.message_type in {"180", "18", "1", ""}


def _by_pyx12(text: str) -> list[str]:
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    reader = X12Reader(io.StringIO(text))
    tags = [segment.get_seg_id() for segment in reader]
    reader.cleanup()
    errors = {code for code, *_ in (error[1:] for error in reader.pop_errors())}
    return [*tags, *sorted(errors)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (GOOD, set()),
        (GOOD.replace("SE*4*", "SE*9*"), {"COUNT_WRONG"}),
        (GOOD.replace("GE*1*42", "GE*3*42"), {"COUNT_WRONG"}),
        (GOOD.replace("IEA*1*000000042", "IEA*1*000000043"), {"CONTROL_NO_DIFFERS"}),
    ],
)
def test_pyx12_sees_the_same_segments_and_faults(text: str, codes: set[str]) -> None:
    told = _by_pyx12(text)
    segments = [segment.tag for segment, _ in split_segments(text)]
    assert told[: len(segments)] == segments
    assert bool(told[len(segments) :]) == bool(codes)
    assert set(walk(text)[1]) == codes


@pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
def test_pydifact_sees_the_same_segments() -> None:
    theirs = [segment.tag for segment in Interchange.from_str(EDIFACT).segments]
    ours = [segment.tag for segment, _ in split_segments(EDIFACT)]
    assert [tag for tag in ours if tag in theirs] == [tag for tag in theirs if tag in ours]
    assert {"UNH", "BGM", "LIN", "QTY", "UNT"} <= set(theirs) & set(ours)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of others lie in ../shared/samples/edi")
@pytest.mark.parametrize(
    ("name", "message_type", "segment_count"),
    [
        ("204_test_204_0", "204", 27),
        ("214_test_214_0", "214", 25),
        ("856_test_856_0", "856", 1),
        ("856_test_856_3", "856", 12),
        ("940_test_940_1", "940", 32),
        ("945__945_test_0", "945", 27),
    ],
)
def test_files_of_others_are_read(name: str, message_type: str, segment_count: int) -> None:
    document = read_edi(SAMPLES / f"{name}.edi")
    (message,) = document.transactions()
    assert (message.message_type, len(message.segments)) == (message_type, segment_count)
