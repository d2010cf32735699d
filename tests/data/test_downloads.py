"""torchvision's own readers on small files in their formats, and what stands in."""

import hashlib
import pickle
import struct
import threading
from contextlib import nullcontext

import numpy as np
import pytest
import torch
from torchvision import datasets
from torchvision.models import ResNet18_Weights, resnet18

from course_utils.data import (
    Digits,
    cifar10,
    downloads,
    fashion_mnist,
    mnist,
    pretrained,
)


def write_idx(folder, images, labels):
    """Write files as MNIST's authors define them: a magic number, sizes, bytes."""
    folder.mkdir(parents=True)
    for part in ("train", "t10k"):
        head = struct.pack(">IIII", 2051, *images.shape)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(head + images.tobytes())
        head = struct.pack(">II", 2049, len(labels))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(head + labels.tobytes())


def write_cifar(root, monkeypatch, images, labels):
    """Write one pickled batch a part, and tell torchvision their checksums."""
    kind, files = datasets.CIFAR10, {}
    rows = images.transpose(0, 3, 1, 2).reshape(len(images), -1)
    batch = {"data": rows, "labels": labels}
    names = {"label_names": list("abcdefghij")}
    (root / kind.base_folder).mkdir()
    for name, content in {"one": batch, "two": batch, "meta": names}.items():
        raw = pickle.dumps(content)
        (root / kind.base_folder / name).write_bytes(raw)
        files[name] = hashlib.md5(raw).hexdigest()
    monkeypatch.setattr(kind, "train_list", [["one", files["one"]]])
    monkeypatch.setattr(kind, "test_list", [["two", files["two"]]])
    meta = {"filename": "meta", "key": "label_names", "md5": files["meta"]}
    monkeypatch.setattr(kind, "meta", meta)


@pytest.fixture
def offline(monkeypatch):
    """No server answers, whatever the machine's network."""
    monkeypatch.setattr(downloads, "_reachable", lambda address, seconds=None: False)


@pytest.mark.parametrize(
    "load, name", [(mnist, "MNIST"), (fashion_mnist, "FashionMNIST")]
)
def test_files_in_mnists_format_are_read(load, name, tmp_path, capsys, offline):
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    write_idx(tmp_path / name / "raw", images, np.array([7, 0, 9], dtype=np.uint8))
    for train in (True, False):
        data = load(tmp_path, train=train)
        assert type(data).__name__ == name and len(data) == 3
        assert np.array_equal(np.array(data[2][0]), images[2]) and data[2][1] == 9
    assert capsys.readouterr().out == ""


def test_files_in_cifars_format_are_read(tmp_path, monkeypatch, capsys, offline):
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    write_cifar(tmp_path, monkeypatch, images, [4, 8])
    data = cifar10(tmp_path, train=False, transform=np.array)
    assert isinstance(data, datasets.CIFAR10) and data.classes[4] == "e"
    assert np.array_equal(data[1][0], images[1]) and data[1][1] == 8
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "load, mode, side",
    [(mnist, "L", 28), (fashion_mnist, "L", 28), (cifar10, "RGB", 32)],
)
def test_offline_the_digits_stand_in_and_one_line_says_so(
    load, mode, side, tmp_path, capsys, offline
):
    data = load(tmp_path, train=False)
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "digits" in said
    image, label = data[5]
    assert (image.mode, image.size) == (mode, (side, side))
    assert label == Digits(train=False)[5][1] and len(data) == 360


def test_the_stand_in_shows_the_same_digit(tmp_path, offline):
    small = np.array(mnist(tmp_path)[0][0].resize((8, 8))) / 255
    assert np.corrcoef(small.ravel(), Digits()[0][0].ravel())[0, 1] > 0.9


def test_the_stand_in_takes_a_transform(tmp_path, offline):
    assert mnist(tmp_path, transform=lambda image: image.size)[0][0] == (28, 28)


def test_without_leave_nothing_is_asked_of_the_network(tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "_reachable", lambda *_: pytest.fail("asked"))
    assert len(cifar10(tmp_path, download=False)) == 1437


def test_a_broken_download_falls_back_with_its_reason(tmp_path, monkeypatch, capsys):
    def fail(self):
        raise ConnectionResetError("connection reset by peer")

    monkeypatch.setattr(downloads, "_reachable", lambda address, seconds=None: True)
    monkeypatch.setattr(datasets.MNIST, "download", fail)
    assert len(mnist(tmp_path)) == 1437
    assert "connection reset by peer" in capsys.readouterr().out


def test_a_cut_off_file_falls_back(tmp_path, capsys, offline):
    images = np.zeros((3, 28, 28), dtype=np.uint8)
    write_idx(tmp_path / "MNIST" / "raw", images, np.zeros(3, dtype=np.uint8))
    file = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte"
    file.write_bytes(file.read_bytes()[:500])
    assert len(mnist(tmp_path)) == 1437
    assert "MNIST cannot be had here" in capsys.readouterr().out


def test_a_silent_server_is_given_up(monkeypatch):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        assert not downloads._reachable(address, seconds=0.2)


def test_a_name_lookup_that_hangs_is_given_up(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(
        downloads, "urlopen", lambda *_, **__: nullcontext(over.wait(5))
    )
    assert not downloads._reachable("http://nowhere.invalid/", seconds=0.1)
    over.set()


def test_an_answer_that_says_no_is_an_answer():
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Refuse(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_error(403)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Refuse) as server:
        Thread(target=server.handle_request, daemon=True).start()
        assert downloads._reachable(f"http://127.0.0.1:{server.server_port}/", 30)


def test_weights_on_this_machine_are_used(tmp_path, monkeypatch, capsys, offline):
    weights = ResNet18_Weights.DEFAULT
    real = resnet18().state_dict()
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    name = weights.url.rsplit("/")[-1]
    torch.save(real, tmp_path / "checkpoints" / name)
    model = pretrained(resnet18, weights)
    assert torch.equal(model.fc.weight, real["fc.weight"])
    assert capsys.readouterr().out == ""


def test_weights_out_of_reach_become_random_ones(
    tmp_path, monkeypatch, capsys, offline
):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    model = pretrained(resnet18, ResNet18_Weights.DEFAULT)
    assert model.fc.out_features == 1000
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "random" in said
