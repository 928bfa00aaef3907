"""The whole way in a real browser, from the drop to the download."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from accessible import faults, tree
from exports_made import backup as made_backup
from exports_made import ios_calls, ios_messages
from telephones import CN_COLLECTOR

from forbear.doors.dossier.web.session import STEPS
from forbear.doors.dossier.words import words

PHONE = Path("examples/phone")
DESK, TELEPHONE = {"width": 1100, "height": 900}, {"width": 360, "height": 740}
DROP = """files => {
    const carried = new DataTransfer();
    for (const [name, text] of files) carried.items.add(new File([text], name));
    for (const type of ["dragover", "drop"]) {
        document.getElementById("drop").dispatchEvent(new DragEvent(type, {dataTransfer: carried, bubbles: true, cancelable: true}));
    }
}"""
TABLE = """time,other,direction,channel,outcome,seconds,text
2026-03-09 07:10,15400001111,in,call,no-answer,0,
2026-03-09 22:40,15400001111,in,call,no-answer,0,
"""


@pytest.fixture
def page(chromium, request):
    """A page that asks its own origin for everything, complains of nothing in its console, and never has to be scrolled sideways."""
    lang, size = getattr(request, "param", ("en-US", DESK))
    context = chromium.new_context(locale=lang, viewport=size, timezone_id="America/New_York", accept_downloads=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.asked, page.said = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("console", lambda said: page.said.append(said.text) if "status of 422" not in said.text else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    assert page.asked
    origin = page.asked[0].split("/", 3)[:3]
    assert [url for url in page.asked if url.split("/", 3)[:3] != origin and not url.startswith("data:")] == []
    assert page.said == []
    context.close()


def seen(page, step, shots):
    """Waits for a step; nothing of it lies beside the window, and a screen reader finds its parts; what is folded away has names."""
    page.wait_for_url(f"**/{step}*")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step
    assert list(faults(page)) == [], step
    nameless = page.evaluate("""[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
        .filter(each => !each.labels.length || !each.labels[0].textContent.trim()).map(each => each.name)""")
    assert nameless == [], step
    assert page.evaluate("getComputedStyle(document.body).fontSize") in {"18px", "20px"}
    if shots:
        page.screenshot(path=shots / f"{step}.png", full_page=True)


@pytest.fixture
def shots(tmp_path, request):
    """A folder for pictures of each step, where somebody wants to look at them: `FORBEAR_SHOTS=folder`."""
    name = os.environ.get("FORBEAR_SHOTS")
    folder = Path(name) / request.node.name if name else None
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    return folder


def bring(page, t, shots):
    """The first step: both files dropped, the law chosen, the clock as the browser has it."""
    page.evaluate(DROP, [[name, (PHONE / name).read_text(encoding="utf-8")] for name in ("calls.xml", "sms.xml")])
    assert t("files.chosen") + words(t.lang)("list.comma").join(["calls.xml", "sms.xml"]) == page.locator("#chosen").text_content()
    assert page.input_value("#zone") == "America/New_York"
    page.get_by_label(t("files.law-us"), exact=True).check()
    seen(page, "files", shots)
    page.get_by_role("button", name=t("files.next")).click()


def choose(page, t, shots):
    """The second: first nothing, which is told; then all numbers, of one company."""
    seen(page, "numbers", None)
    page.get_by_role("button", name=t("page.next"), exact=True).click()
    page.get_by_role("alert").and_(page.locator("#wrongs:focus")).wait_for()
    assert t("wrong.no-number") in page.get_by_role("alert").text_content()
    assert list(faults(page)) == []
    if shots:
        page.screenshot(path=shots / "numbers-wrong.png", full_page=True)
    page.get_by_role("button", name=t("numbers.all")).click()
    page.wait_for_url("**/numbers#number")
    page.get_by_label(t("numbers.name"), exact=True).fill("Hilltop Recovery")
    page.get_by_label(t("numbers.kind"), exact=True).select_option("third-party-agency")
    page.get_by_label(t("numbers.creditor"), exact=True).fill("First Example Bank")
    page.get_by_label(t("numbers.creditor-kind"), exact=True).select_option("bank")
    page.get_by_label(t("numbers.debt-kind"), exact=True).select_option("card")
    seen(page, "numbers", shots)
    page.get_by_role("button", name=t("page.next"), exact=True).click()


def tell(page, t, shots):
    """The third: a letter, the own number, no consent, and that it is so."""
    seen(page, "told", None)
    page.get_by_label(t("told.kind"), exact=True).select_option("cease-request")
    page.get_by_label(t("told.date"), exact=True).fill("2026-03-18")
    page.get_by_label(t("told.form"), exact=True).select_option("written")
    page.get_by_label(t("told.words"), exact=True).fill("They rang the front desk and said that I owe.")
    page.get_by_label(t("told.when"), exact=True).fill("3 May 2026")
    page.get_by_label(t("told.my-number"), exact=True).fill("+1 202 555 0199")
    page.get_by_label(t("told.never"), exact=True).check()
    page.get_by_label(t("told.confirm"), exact=True).check()
    seen(page, "told", shots)
    page.get_by_role("button", name=t("told.next")).click()


@pytest.mark.parametrize(
    "page",
    [("en-US", DESK), ("zh-CN", DESK), ("en-US", TELEPHONE), ("zh-CN", TELEPHONE)],
    indirect=True,
    ids=["en", "zh", "en-360", "zh-360"],
)
def test_from_drop_to_download(page, served, shots, tmp_path, request):
    """In the browser's language, at a desk and on a telephone: the pack has what the command line would make."""
    address, _, process = served
    lang = "zh" if "zh" in request.node.name else "en"
    t = words(lang, "web")
    page.goto(address)
    seen(page, "files", None)
    assert page.locator("html").get_attribute("lang").startswith(lang)
    bring(page, t, shots)
    choose(page, t, shots)
    tell(page, t, shots)
    seen(page, "result", shots)
    assert page.locator(".groups h3").count() > 2
    assert page.locator(".picture svg[role=img]").bounding_box()["width"] > 250
    page.get_by_role("button", name=t("page.next"), exact=True).click()
    seen(page, "download", shots)
    with page.expect_download() as download:
        page.get_by_role("link", name=t("download.zip")).click()
    whole = tmp_path / "dossier.zip"
    download.value.save_as(whole)
    with zipfile.ZipFile(whole) as archive:
        assert {Path(name).name for name in archive.namelist()} == {
            *("dossier.pdf", "dossier.html", "findings.csv", "case.toml", "manifest.json")
        }
        archive.extract("dossier/dossier.html", tmp_path)
        case = archive.read("dossier/case.toml").decode()
        assert len(json.loads(archive.read("dossier/manifest.json"))["findings"]) > 5
    assert f'lang = "{lang}"' in case
    sheet = page.context.new_page()
    sheet.goto((tmp_path / "dossier" / "dossier.html").as_uri())
    assert sheet.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert list(faults(sheet, form=False)) == []
    sheet.close()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    download.value.save_as(tmp_path / "dossier.pdf")
    assert (tmp_path / "dossier.pdf").read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name=t("download.end")).click()
    page.get_by_role("heading", name=t("ended.head")).wait_for()
    assert list(faults(page, form=False)) == []
    if shots:
        page.screenshot(path=shots / "ended.png", full_page=True)
    assert process.wait(20) == 0


@pytest.mark.parametrize("page", [("zh-CN", DESK)], indirect=True)
def test_by_keyboard_alone(page, served, tmp_path):
    """Tab, space, arrows and letters lead through every step; what is reached is seen, and Enter goes on, not into another language."""
    address, _, _ = served
    table = tmp_path / "calls.csv"
    table.write_text(TABLE, encoding="utf-8")
    page.goto(address)
    page.set_input_files("#files", table)  # the window of the system, in which files are chosen, is not the page's

    def to(name):
        """Tabs until a field, button or link of this id, name or text is reached."""
        for _ in range(80):
            page.keyboard.press("Tab")
            here = page.evaluate("""() => {
                const each = document.activeElement, style = getComputedStyle(each);
                return [each.id, each.name, each.value, each.textContent.trim(), style.outlineStyle, parseFloat(style.outlineWidth)];
            }""")
            if name in here[:4]:
                assert here[4] != "none", name
                assert here[5] >= 3, name
                return
        raise AssertionError(f"{name} cannot be reached by Tab")

    def write(name, text):
        to(name)
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(text)

    to("law")
    page.keyboard.press("Space")
    write("zone", "Asia/Shanghai")
    page.keyboard.press("Enter")
    seen(page, "numbers", None)
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    write("hand.0.number", CN_COLLECTOR)
    write("company.0.name", "甲催收公司")
    to("company.0.kind")
    page.keyboard.press("ArrowDown")
    write("company.0.creditor", "某某消费金融")
    for field in ("company.0.creditor_kind", "company.0.debt_kind"):
        to(field)
        page.keyboard.press("ArrowDown")
    to("next")
    page.keyboard.press("Enter")
    seen(page, "told", None)
    to("me.0.confirmed")
    page.keyboard.press("Space")
    to("next")
    page.keyboard.press("Enter")
    seen(page, "result", None)
    to("next")
    page.keyboard.press("Enter")
    seen(page, "download", None)
    to("PDF 文件")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "dossier.pdf"


def test_without_scripts(chromium, served):
    """Every step works where no script runs."""
    address, _, _ = served
    page = chromium.new_context(java_script_enabled=False, locale="en-US").new_page()
    page.goto(address)
    page.set_input_files("#files", [PHONE / "calls.xml", PHONE / "sms.xml"])
    page.check("input[value=us]")
    page.fill("#zone", "America/New_York")
    page.click("text=Read the files")
    page.click("text=Tick all")
    for field, said in (("name", "Hilltop"), ("creditor", "Bank")):
        page.fill(f"[name='company.0.{field}']", said)
    for field, said in (("kind", "debt-buyer"), ("creditor_kind", "bank"), ("debt_kind", "card")):
        page.select_option(f"[name='company.0.{field}']", said)
    for step in STEPS[1:]:
        page.wait_for_url(f"**/{step}*")
        if step == "told":
            page.check("[name='me.0.confirmed']")
        if step != "download":
            page.click(".go [value=next]")
    with page.expect_download() as download:
        page.click("text=PDF")
    assert download.value.suggested_filename == "dossier.pdf"
    page.context.close()


@pytest.mark.parametrize("step", ["files", "numbers", "told"])
def test_what_is_wrong_is_heard_where_it_is(page, served, step):
    """Focus goes to what is wrong, which is an alert; its field is invalid and described by the words beside it."""
    address, _, _ = served
    page.goto(address)
    t = words("en", "web")
    if step != "files":
        bring(page, t, None)
        seen(page, "numbers", None)
    if step == "told":
        choose(page, t, None)
        seen(page, "told", None)
    go = {"files": "files.next", "numbers": "page.next", "told": "told.next"}[step]
    page.get_by_role("button", name=t(go), exact=True).click()
    page.get_by_role("alert").and_(page.locator("#wrongs:focus")).wait_for()
    assert list(faults(page)) == []
    if step != "numbers":  # there the fault is that none of a list is chosen
        assert any(each.said.get("invalid") == "true" for each in tree(page))
    described = page.evaluate("""[...document.querySelectorAll("[aria-describedby]")]
        .flatMap(each => each.getAttribute("aria-describedby").trim().split(" ")).filter(id => !document.getElementById(id))""")
    assert described == []


def test_progress_is_said(page, served):
    """In a part of the page that is read out when it changes."""
    address, _, _ = served
    page.goto(address)
    page.evaluate("document.getElementById('step').addEventListener('submit', event => event.preventDefault())")
    page.get_by_role("button", name="Read the files").click()
    assert page.get_by_role("status").last.text_content() == "Please wait."
    page.locator("#status", has_text="Reading: ").wait_for()


@pytest.mark.parametrize("how", ["chosen", "dropped"])
def test_the_folder_of_a_backup(page, served, tmp_path, how):
    """Chosen or dropped as a whole, also beside other files: of its files those that we read are brought, in a moment."""
    address, private, _ = served
    calls = ios_calls(tmp_path / "calls", ("+12025550111", 700_000_000, 0, 0, 0, "us")).read_bytes()
    messages = ios_messages(tmp_path / "messages", ("You deadbeat", None, 1, 700_000_000 * 10**9, 0, 0, 0, 1)).read_bytes()
    files = {"Library/CallHistoryDB/CallHistory.storedata": calls, "Library/SMS/sms.db": messages, "Library/Notes.sqlite": b"x" * 999}
    folder = made_backup(tmp_path / "0000-AB", files)
    table = tmp_path / "calls.csv"
    table.write_text(TABLE, encoding="utf-8")
    page.goto(address)
    if how == "chosen":
        page.set_input_files("#files", table)
        page.set_input_files("#folder", folder)
    else:
        drop(page, table, folder)
    page.locator("#chosen", has_text="0000-AB").wait_for()
    assert page.locator("#chosen").text_content() == "Chosen: calls.csv, 0000-AB"
    page.get_by_role("button", name="Add these files, then more").click()
    page.locator(".brought li").first.wait_for()
    assert page.locator(".brought li > span").all_inner_texts() == ["calls.csv", "CallHistory.storedata", "sms.db"]
    assert not any(path.read_bytes() == b"x" * 999 for path in private.rglob("*") if path.is_file())


def test_a_folder_without_anything_to_read_says_so(page, served, tmp_path):
    """Rather than nothing."""
    address, _, _ = served
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    page.goto(address)
    page.set_input_files("#folder", tmp_path / "photos")
    page.locator("#chosen", has_text="Nothing").wait_for()
    assert page.locator("#chosen").text_content() == "Nothing in this folder is a file that we can read."


def drop(page, *paths):
    """Lets files and folders of this machine fall on the page, as a hand would."""
    box = page.locator("#drop").bounding_box()
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": box["x"] + 20, "y": box["y"] + 20, "data": data})
    session.detach()
