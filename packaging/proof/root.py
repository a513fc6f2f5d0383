"""A minimal Debian in a folder: made once, entered for each command, without leaving traces."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
USER = 1000
USER_HOME = "/people/ein Mensch 张伟"
# What apt and dpkg write for themselves; the package is not to blame for it.
BOOKKEEPING = (
    "var/lib/apt/", "var/lib/dpkg/", "var/cache/", "var/log/", "etc/ld.so.cache", "tmp/",
    "var/lib/systemd/", "people/", "proc/", "sys/", "dev/", "run/", "etc/resolv.conf",
    "etc/mailcap", "usr/share/mime/", "etc/machine-id", "var/lib/dbus/machine-id",
)  # fmt: skip


class Root:
    """The folder; every command in it runs in mounts of its own that go away with it."""

    def __init__(self, work: Path) -> None:
        self.path = work / "root"
        self.sockets = Path("/tmp/.X11-unix")
        self._pristine = work / f"{SUITE}.tar"
        self._work = work

    def make(self) -> None:
        """A fresh root; the bootstrapped one is kept as an archive for the next time."""
        self._work.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)
        if not self._pristine.exists():
            _run("debootstrap", "--variant=minbase", SUITE, self.path, MIRROR)
            _run("tar", "--create", "--file", self._pristine, "--directory", self.path, ".")
        else:
            self.path.mkdir()
            _run("tar", "--extract", "--file", self._pristine, "--directory", self.path)
        if list(self.path.glob("usr/bin/python*")):
            raise SystemExit("there is a Python in the minimal root")
        shutil.copy("/etc/resolv.conf", self.path / "etc" / "resolv.conf")
        self._inside("apt-get", "update", "-q")
        self._inside("useradd", "--uid", str(USER), "--home-dir", USER_HOME, "person")
        home = self.path / USER_HOME.lstrip("/")
        home.mkdir(parents=True)
        os.chown(home, USER, USER)

    def install_package(self, package: Path) -> None:
        """Install a .deb with what it depends on."""
        inner = self.path / "tmp" / package.name
        shutil.copy(package, inner)
        self._inside(
            "apt-get", "install", "-q", "-y", "--no-install-recommends", f"/tmp/{package.name}"
        )
        inner.unlink()

    def remove_package(self, name: str) -> None:
        """Remove it with what was installed for it alone."""
        self._inside("apt-get", "purge", "-q", "-y", "--autoremove", name)

    def bring_torch(self) -> None:
        """A virtual environment with torch in the user's home, from wheels of this machine."""
        wheels = self._work / "wheels"
        pins = Path(__file__).resolve().parents[1] / "requirements-torch.txt"
        _run(sys.executable, "-m", "pip", "download", "-q", "-d", wheels, "-r", pins)
        home = self.path / USER_HOME.lstrip("/")
        shutil.copytree(wheels, home / "wheels")
        self._inside("apt-get", "install", "-q", "-y", "--no-install-recommends", "python3-venv")
        environment = f"{USER_HOME}/.virtualenvs/torch"
        self.as_user("python3", "-m", "venv", environment)
        self.as_user(
            f"{environment}/bin/pip", "install", "-q", "--no-index", "--find-links",
            f"{USER_HOME}/wheels", "torch", "numpy",
        )  # fmt: skip
        shutil.rmtree(home / "wheels")

    def as_user(self, *command: str) -> str:
        """Run a command as the ordinary user, without network; what it printed.

        Raises:
            SystemExit: it failed.
        """
        answer = subprocess.run(
            self._entry(command, user=True, network=False),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if answer.returncode != 0:
            raise SystemExit(f"{' '.join(command)} ended with {answer.returncode}")
        return answer.stdout

    def start_as_user(self, *command: str, display: str) -> subprocess.Popen[bytes]:
        """Start a program as the ordinary user, without network, on a display."""
        return subprocess.Popen(self._entry(command, user=True, network=False, display=display))

    def _inside(self, *command: str) -> None:
        _run(*self._entry(command, user=False, network=True))

    def _entry(
        self, command: tuple[str, ...], *, user: bool, network: bool, display: str = ""
    ) -> list[str]:
        """The command line that enters the root: own mounts, own processes, perhaps no network."""
        root = shlex.quote(str(self.path))
        preparation = [
            f"mount --rbind /dev {root}/dev",
            f"mount -t tmpfs tmpfs {root}/dev/shm",
            f"mount -t proc proc {root}/proc",
            f"mkdir -p {root}/tmp/.X11-unix",
            f"mount --bind {self.sockets} {root}/tmp/.X11-unix" if display else ":",
            # The installed program must do with a folder that it cannot write to.
            f"if [ -d {root}/usr/lib/tensor-explorer ] && {'true' if user else 'false'}; then "
            f"mount --bind -o ro {root}/usr/lib/tensor-explorer {root}/usr/lib/tensor-explorer; fi",
            ":" if network else "ip link set lo up",
        ]
        variables = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": USER_HOME if user else "/root",
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            **({"DISPLAY": display} if display else {}),
        }
        settings = [f"{name}={value}" for name, value in variables.items()]
        who = [f"--userspec={USER}:{USER}"] if user else []
        chroot = shlex.join(["chroot", *who, str(self.path), "env", "-i", *settings, *command])
        namespaces = ["--mount", "--pid", "--fork", "--kill-child", *([] if network else ["--net"])]
        return ["unshare", *namespaces, "sh", "-ec", "\n".join([*preparation, "exec " + chroot])]

    def files(self) -> dict[str, str]:
        """Hash of every file of the system itself, by path."""
        found = {}
        for path in self.path.rglob("*"):
            name = str(path.relative_to(self.path))
            if name.startswith(BOOKKEEPING) or (path.is_dir() and not path.is_symlink()):
                continue
            if path.is_symlink():
                found[name] = f"-> {path.readlink()}"
            elif path.is_file():
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def differences(self, before: dict[str, str]) -> list[str]:
        """What is not as it was, one line each."""
        now = self.files()
        return sorted(
            [f"new {name}" for name in now.keys() - before.keys()]
            + [f"gone {name}" for name in before.keys() - now.keys()]
            + [
                f"changed {name}"
                for name in now.keys() & before.keys()
                if now[name] != before[name]
            ]
        )


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    print("+", " ".join(words[:6]), "..." if len(words) > 6 else "", flush=True)
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
