"""A pack is verified by making it anew; each kind of change is found, and named."""

import csv
import hashlib
import re
from pathlib import Path

import msgspec
import pytest
from telephones import CEASED, FRIEND, US, export, item, made

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files
from forbear.doors.dossier import verify as door
from forbear.records.errors import InputError


@pytest.fixture
def pack(tmp_path, week):
    """A pack of the week, with what it was made of."""
    found = export(*week)
    return written(tmp_path / "pack", found), found


def written(folder, found, text=US + CEASED):
    """A pack as the command writes it."""
    whole = made(found, text)
    files.write(folder, text, cases.parse(text, Path("c")), whole.evidence, whole.derived, whole.pack, ())
    return folder


def test_an_untouched_pack_stands(pack):
    """Every finding and every record of it."""
    folder, found = pack
    verified = door.verify(folder, found)
    assert (verified.faults, verified.notes) == ((), ())
    assert verified.findings > 5
    assert verified.records > 8


@pytest.mark.parametrize("name", ["dossier.pdf", "dossier.html", "findings.csv"])
def test_a_changed_file_of_the_pack_is_named(pack, name):
    """By its digest; one that is gone, too."""
    folder, found = pack
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    assert any(fault.startswith(f"{name}: is not the file") for fault in door.verify(folder, found).faults)
    (folder / name).unlink()
    assert any(fault.startswith(f"{name}: is missing") for fault in door.verify(folder, found).faults)


def test_a_changed_source_is_named(pack, week):
    """Another file of the same name, with one record less: the record, and the findings that rest on it."""
    folder, _ = pack
    gone = week[7]
    faults = door.verify(folder, export(*(each for each in week if each is not gone))).faults
    assert any(fault.startswith("phone.json: not among the files") for fault in faults)
    assert any(fault.startswith("phone.json: was given, and is not one") for fault in faults)
    assert any(gone.digest[:16] in fault and "is not in the sources" in fault for fault in faults)
    assert any(re.match(r"us\.reg-f\.call-frequency .*no longer found", fault) for fault in faults)


def test_a_changed_word_in_a_record_is_found(pack, week):
    """Even where the finding would stay the same."""
    folder, found = pack
    words = week[8]
    other = item(words.at, words.other, "If you do not pay by Monday we will have you arrested.")
    changed = found._replace(items=tuple(sorted(other if each is words else each for each in week)))
    assert any(words.digest[:16] in fault for fault in door.verify(folder, changed).faults)


def test_a_changed_case_is_found(pack):
    """What the person says is part of what was found: with another day of the letter other contacts break the rule."""
    folder, found = pack
    path = folder / files.CASE
    path.write_text(path.read_text().replace("2026-03-18", "2026-03-28"))
    faults = door.verify(folder, found).faults
    assert any(fault.startswith("case.toml: is not the file") for fault in faults)
    assert any("contact-after-cease" in fault and "no longer found" in fault for fault in faults)


def test_a_changed_law_is_named(pack):
    """With both versions; what it leads to comes after."""
    folder, found = pack
    manifest, _ = door.opened(folder)
    law = {**manifest.law, "us.reg-f.threat 2021-11-30": "0 0123"}
    (folder / files.MANIFEST).write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, law=law)))
    assert any(fault.startswith("us.reg-f.threat 2021-11-30: the law changed since") for fault in door.verify(folder, found).faults)


def test_a_finding_written_into_the_manifest_is_found(pack):
    """Nobody's hand can add one."""
    folder, found = pack
    manifest, _ = door.opened(folder)
    more = files.Found("us.reg-f.insult 2021-11-30", "breach", manifest.records[0].id, "", [])
    (folder / files.MANIFEST).write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, findings=[*manifest.findings, more])))
    assert any(fault.startswith("us.reg-f.insult 2021-11-30, record") for fault in door.verify(folder, found).faults)


def test_what_another_person_wrote_does_not_matter_but_its_file_does(pack, week):
    """A further record of a friend changes no finding; the source is another file all the same."""
    folder, _ = pack
    faults = door.verify(folder, export(*week, item(5, FRIEND))).faults
    assert len(faults) == 2
    assert all(fault.startswith("phone.json: ") for fault in faults)


def test_another_version_of_the_program_is_a_note(pack):
    """If all is found again, the pack stands."""
    folder, found = pack
    manifest, _ = door.opened(folder)
    (folder / files.MANIFEST).write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, program="0.0.1", mark="")))
    verified = door.verify(folder, found)
    assert verified.faults == ()
    assert "0.0.1" in verified.notes[0]


def test_a_folder_that_is_no_pack_is_said_so(tmp_path, week):
    """And what to name instead."""
    with pytest.raises(InputError, match="is no manifest of a pack; name the folder"):
        door.verify(tmp_path, export(*week))


def test_a_folder_with_other_things_is_not_written_to(tmp_path, week):
    """Nothing of the person's is ever overwritten but an earlier pack."""
    (tmp_path / "photo.jpg").write_bytes(b"")
    with pytest.raises(InputError, match="is a folder with other files in it"):
        written(tmp_path, export(*week))


def test_the_manifest_holds_digests_that_anybody_can_compute(pack, week):
    """Of each source, each record, each file of the pack."""
    folder, found = pack
    manifest, _ = door.opened(folder)
    assert [each.sha256 for each in manifest.sources] == [found.sources[0].sha256]
    assert {each.sha256 for each in manifest.records} <= {each.digest for each in week}
    for name, digest in manifest.files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as table:
        assert len(list(csv.DictReader(table))) == len(manifest.findings)
    assert manifest.mark in (folder / "dossier.html").read_text(encoding="utf-8")
