"""A minimal Debian in a folder: made once, entered for each command, without leaving traces."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from installers.python_tree import pinned_others, pinned_torch

EMPTY: Mapping[str, str] = MappingProxyType({})
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
        self._work = work
        work.mkdir(parents=True, exist_ok=True)
        self._held = (work / "held").open("w")
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"another proof is going on in {work}: give this one --work") from None

    def make(self) -> None:
        """A fresh root without any Python; it is kept as an archive for the next time."""
        if self._take_out("bare"):
            return
        _run("debootstrap", "--variant=minbase", SUITE, self.path, MIRROR)
        if list(self.path.glob("usr/bin/python*")):
            raise SystemExit("there is a Python in the minimal root")
        shutil.copy("/etc/resolv.conf", self.path / "etc" / "resolv.conf")
        self._inside("apt-get", "update", "-q")
        self._inside("useradd", "--uid", str(USER), "--home-dir", USER_HOME, "person")
        self.home.mkdir(parents=True)
        os.chown(self.home, USER, USER)
        self._keep("bare")

    def make_with_torch(self) -> None:
        """A fresh root whose user has torch; it is kept as an archive for the next time."""
        if not self._take_out("torch"):
            self.make()
            self._bring_torch()
            self._keep("torch")

    def _take_out(self, name: str) -> bool:
        """Lay out a root that was kept; False when there is none."""
        self._work.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)
        archive = self._work / f"{SUITE}-{name}.tar"
        if not archive.exists():
            return False
        self.path.mkdir()
        _run("tar", "--extract", "--file", archive, "--directory", self.path)
        return True

    def _keep(self, name: str) -> None:
        archive = self._work / f"{SUITE}-{name}.tar"
        _run("tar", "--create", "--file", archive, "--directory", self.path, ".")

    def install_package(self, package: Path) -> None:
        """Install a .deb with what it depends on."""
        inner = self._bring(package)
        self._inside(
            "apt-get", "install", "-q", "-y", "--no-install-recommends", "--allow-downgrades",
            f"/tmp/{package.name}",
        )  # fmt: skip
        inner.unlink()

    def install_on_full_disk(self, package: Path, megabytes: int) -> str:
        """Unpack a .deb, whose dependencies are there, where there is room for a part of it.

        Returns:
            What dpkg said when it failed; empty when it did not fail.
        """
        inner = self._bring(package)
        place = f"{shlex.quote(str(self.path))}/usr/lib/tensor-explorer"
        small = [f"mkdir -p {place}", f"mount -t tmpfs -o size={megabytes}m tmpfs {place}"]
        command = ("dpkg", "--unpack", f"/tmp/{package.name}")
        answer = subprocess.run(
            self._entry(command, user=False, network=False, before=small),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        inner.unlink()
        with contextlib.suppress(OSError):  # the mount's empty place
            (self.path / "usr" / "lib" / "tensor-explorer").rmdir()
        return answer.stderr if answer.returncode != 0 else ""

    def _bring(self, package: Path) -> Path:
        return Path(shutil.copy(package, self.path / "tmp" / package.name))

    @property
    def home(self) -> Path:
        """The ordinary user's home, as seen from outside."""
        return self.path / USER_HOME.lstrip("/")

    def take_away(self, package: Path) -> None:
        """Remove a package and leave what it depends on."""
        answer = subprocess.run(
            ["dpkg-deb", "--field", package, "Package"], capture_output=True, text=True, check=True
        )
        self._inside("dpkg", "--purge", answer.stdout.strip())

    def remove_package(self, name: str) -> None:
        """Remove it with what was installed for it alone."""
        self._inside("apt-get", "purge", "-q", "-y", "--autoremove", name)

    def _bring_torch(self) -> None:
        """A virtual environment with torch in the user's home, from wheels of this machine."""
        wheels = self._work / "wheels"
        chosen = [*pinned_torch(Path(sys.executable)), *pinned_others()]
        _run(sys.executable, "-m", "pip", "download", "-q", "-d", wheels, *chosen)
        shutil.copytree(wheels, self.home / "wheels")
        self._inside("apt-get", "install", "-q", "-y", "--no-install-recommends", "python3-venv")
        environment = f"{USER_HOME}/.virtualenvs/torch"
        self.as_user("python3", "-m", "venv", environment)
        self.as_user(
            f"{environment}/bin/pip", "install", "-q", "--no-index", "--find-links",
            f"{USER_HOME}/wheels", "torch", "numpy",
        )  # fmt: skip
        shutil.rmtree(self.home / "wheels")

    def as_user(self, *command: str) -> str:
        """Run a command as the ordinary user, without network; what it printed.

        Raises:
            SystemExit: it failed.
        """
        answer = self.try_as_user(*command)
        if answer.returncode != 0:
            raise SystemExit(f"{' '.join(command)} ended with {answer.returncode}: {answer.stderr}")
        return answer.stdout

    def try_as_user(
        self, *command: str, before: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as the ordinary user, without network, however it ends.

        Args:
            command: the command and its arguments.
            before: shell commands that prepare the command's own mounts.
        """
        return subprocess.run(
            self._entry(command, user=True, network=False, before=before),
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def start_as_user(
        self, *command: str, display: str = "", variables: Mapping[str, str] = EMPTY
    ) -> subprocess.Popen[bytes]:
        """Start a program as the ordinary user, without network, on a display."""
        return subprocess.Popen(
            self._entry(command, user=True, network=False, display=display, variables=variables)
        )

    def _inside(self, *command: str) -> None:
        _run(*self._entry(command, user=False, network=True))

    def _entry(
        self,
        command: tuple[str, ...],
        *,
        user: bool,
        network: bool,
        display: str = "",
        before: Sequence[str] = (),
        variables: Mapping[str, str] = EMPTY,
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
            *before,
        ]
        variables = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": USER_HOME if user else "/root",
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            **({"DISPLAY": display} if display else {}),
            **variables,
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
