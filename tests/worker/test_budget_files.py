"""The files that values are spilled to: never left behind, never another's, never a wrong word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from explorer.cli.worker_client import WorkerClient, WorkerGone
from explorer.protocol.recording import MemoryHeld
from explorer.protocol.running import RunProgram
from explorer.worker.memory.budget import Budget
from explorer.worker.memory.spill_file import SpillFailed, SpillFile
from explorer.worker.memory.unnamed_files import remove_stale
from explorer.worker.recording.whole import same_whole
from explorer.worker.snapshots import ContentGone, Snapshots
from tests.worker.budget_runs import MEGA, NO_DISK, NO_LIMIT, compared, recorded

WRITES = """
import torch
rows = [torch.zeros(5_000) for _ in range(8)]
for write in range(1, 1001):
    rows[write % 8].fill_(write)
"""

FOR_EVER = "import torch\nx = torch.zeros(5_000)\nwhile True:\n    x += 1\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]


def spill_handles(process: int) -> list[str]:
    links = [str(link.readlink()) for link in Path(f"/proc/{process}/fd").iterdir()]
    return [link for link in links if "tensor-explorer" in link]


def test_the_file_has_no_name(cache: Path, tmp_path: Path) -> None:
    with recorded(WRITES, tmp_path, 6 * MEGA, python=sys.executable) as run:
        assert run.spilled > 0
        handles = spill_handles(run.client.process.pid)
        assert handles
        assert all(link.endswith("(deleted)") for link in handles)
        assert not files_in(cache)
    assert not files_in(cache)


def test_nothing_is_left_after_a_kill(cache: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(FOR_EVER)
    client = WorkerClient(sys.executable)
    try:
        client.ask(RunProgram(str(program), own_input=True, budget=6 * MEGA))
        news = client.news()
        while not (isinstance(news, MemoryHeld) and news.spilled):
            news = client.news()
        assert spill_handles(client.process.pid)
        os.kill(client.process.pid, signal.SIGKILL)
        with pytest.raises(WorkerGone):
            while True:
                client.news()
    finally:
        client.close()
    assert not files_in(cache)


@pytest.mark.parametrize(
    ("begin", "words"),
    [
        (
            "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))\n",
            "File too large",
        ),
        (
            "import os\nos.closerange(700, 800)\n",
            "",
        ),
    ],
    ids=["no more room", "handles closed at the start"],
)
def test_a_disk_that_takes_no_more(begin: str, words: str, cache: Path, tmp_path: Path) -> None:
    with recorded(begin + WRITES, tmp_path, NO_LIMIT, NO_DISK) as run:
        free = run.values()
    with recorded(begin + WRITES, tmp_path, 6 * MEGA) as run:
        same, unkept, wrong = compared(run.values(), free)
        assert run.end is not None
        assert run.end.how == "finished"
        reasons = run.reasons
    assert not wrong, "\n".join(wrong[:10])
    assert same > 0
    if words:
        assert unkept > 0
        assert all(words in reason for reason in reasons)


CLOSES = """
import os
import torch
rows = [torch.zeros(5_000) for _ in range(8)]
own = []
for write in range(1, 1001):
    rows[write % 8].fill_(write)
    if write == 700:
        os.closerange(700, 800)
        for place in range(700, 710):
            one = os.open("own.txt", os.O_RDWR | os.O_CREAT)
            os.dup2(one, place)
            os.close(one)
"""


def test_a_file_of_the_program_is_never_written(cache: Path, tmp_path: Path) -> None:
    """The program closes all handles, and its own files get their numbers."""
    with recorded(CLOSES, tmp_path, NO_LIMIT, NO_DISK) as run:
        free = run.values()
    with recorded(CLOSES, tmp_path, 6 * MEGA) as run:
        same, unkept, wrong = compared(run.values(), free)
        assert run.end is not None
        assert run.end.how == "finished"
    assert not wrong, "\n".join(wrong[:10])
    assert same > 0
    assert unkept > 0
    assert (tmp_path / "own.txt").read_bytes() == b""


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(nowhere))
    with recorded(WRITES, tmp_path, 6 * MEGA, 100 * MEGA) as run:
        values = run.values()
        assert run.end is not None
        assert run.end.how == "finished"
        assert any("nothing more could be written to disk" in reason for reason in run.reasons)
    assert any(isinstance(value, list) for value in values.values())


def test_files_of_dead_processes_are_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    stale, own = (
        tmp_path / f"values-{ended.pid}-1.spill",
        tmp_path / f"values-{os.getpid()}-1.spill",
    )
    other = tmp_path / "other"
    for path in (stale, own, other):
        path.write_bytes(b"x")
    remove_stale(tmp_path)
    assert not stale.exists()
    assert own.exists()
    assert other.exists()


def test_what_is_read_stays_when_its_file_is_given_up(tmp_path: Path) -> None:
    file = SpillFile(tmp_path, 4 * MEGA)
    assert not file.make_room(2 * MEGA)
    first = file.write([(1, bytes([7]) * (2 * MEGA))])[0]
    held = file.bytes_at(first)
    assert held is not None
    assert file.make_room(2 * MEGA).tolist() == []
    second, third = file.write([(2, bytes([8]) * (2 * MEGA - 64)), (3, b"abc")])
    assert file.make_room(2 * MEGA).tolist() == [1]
    assert file.bytes_at(first) is None
    assert held.eq(7).all()
    again = [file.bytes_at(place) for place in (second, third)]
    assert again[0] is not None
    assert again[0].eq(8).all()
    assert again[1] is not None
    assert bytes(again[1].tolist()) == b"abc"


@pytest.mark.filterwarnings("ignore::UserWarning")  # torch calls these kinds unfinished
def test_tensors_without_plain_storage_come_back_from_the_disk(cache: Path) -> None:
    """Sparse, quantized and nested ones; of what torch cannot write it is said that it is gone."""
    snapshots = Snapshots()
    budget = Budget(snapshots, lambda: None)
    budget.begin(MEGA, 100 * MEGA)
    unusual = [
        torch.eye(40).to_sparse(),
        (torch.eye(40) * torch.pi).to_sparse_csr(),
        torch.eye(40).to_sparse_bsc((2, 2)),
        torch.quantize_per_tensor(torch.arange(9.0), 0.5, 0, torch.qint8),
        torch.nested.nested_tensor([torch.ones(2), torch.zeros(3)]),
        torch.full((7,), torch.nan),
        torch.ones(3).to_mkldnn(),
    ]
    places = range(len(snapshots.contents), len(snapshots.contents) + len(unusual))
    snapshots.contents += [one.clone() for one in unusual]
    for place in places:
        budget.spilling.add(place)
    budget.spilling.begin(0)
    assert budget.spilling.wait(0, 60)
    assert all(type(snapshots.contents[place]) is int for place in places)
    *held, (lost, _) = zip(places, unusual, strict=True)
    for place, one in held:
        got = snapshots.tensor_of(place, "float32", (7,), (1,), 0)
        assert got.layout is one.layout
        assert same_whole(got, one)
    with pytest.raises(ContentGone, match="of this kind"):
        snapshots.tensor_of(lost, "float32", (3,), (1,), 0)


def test_what_is_too_large_for_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpillFailed, match="larger"):
        SpillFile(tmp_path, MEGA).make_room(2 * MEGA)
