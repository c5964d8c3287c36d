"""A class on one machine: accounts approved by the instructor, one Unix user for each student.

Run as root: COURSE_ADMIN=NAME jupyterhub --config deploy/jupyterhub_config.py. README.md has the rest.

The environment says what differs from place to place:

COURSE_ADMIN       hub name of the instructor, who signs up first and chooses the password (required)
COURSE_TLS         folder with cert.pem and key.pem; without it the hub answers on this machine only
COURSE_STATE       where the hub keeps accounts and secrets (/srv/softmax-course)
COURSE_SOLUTIONS   "hidden" keeps the pages from showing solutions ("shown")
"""

import asyncio
import os
import pwd
import re
import resource
import subprocess
import sys
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner

c = get_config()  # noqa: F821, given by the loader

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE.parent / "notebooks"
FOLDER = "softmax"  # in a student's home
# Of one process, server or kernel. A kernel asks for 0.3 GB at most, most of it for stacks that stay empty.
MOST_MEMORY = 768 * 1024**2
MOST_PROCESSES = 256  # threads included, of one student: a loop that forks stops there


def account(name):
    """Return the Unix account of a student: with a prefix, so that nobody can sign up as root."""
    return f"course-{name}"


def prepare(spawner):
    """Create the account at the first start, and hand out the notebooks that are not there yet."""
    name = account(spawner.user.name)
    try:
        student = pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--create-home", "--key", "HOME_MODE=0700", name], check=True)
        student = pwd.getpwnam(name)
    # As the student, never as root: where a link in a home leads is the student's choice.
    as_student = {"user": student.pw_uid, "group": student.pw_gid, "extra_groups": [], "check": True}
    folder = Path(student.pw_dir) / FOLDER
    subprocess.run(["mkdir", "-p", folder], **as_student)
    subprocess.run(["cp", "--no-clobber", *sorted(NOTEBOOKS.glob("*.ipynb")), folder], **as_student)


async def prepared(spawner):
    """Prepare a home while the hub answers others."""
    await asyncio.to_thread(prepare, spawner)


class StudentSpawner(LocalProcessSpawner):
    """A server as the student's own Unix user, with limits that the kernel of the system enforces."""

    def make_preexec_fn(self, name):
        as_user = super().make_preexec_fn(account(name))

        def preexec():
            resource.setrlimit(resource.RLIMIT_NPROC, (MOST_PROCESSES, MOST_PROCESSES))
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            as_user()

        return preexec

    def user_env(self, env):
        student = pwd.getpwnam(account(self.user.name))
        own = {"USER": student.pw_name, "HOME": student.pw_dir, "SHELL": "/bin/sh"}
        # The names of sockets, which lie there, may have 107 characters at most.
        return {**env, **own, "JUPYTER_RUNTIME_DIR": f"{student.pw_dir}/.runtime"}


# Who may come in: whoever signs up and is approved at /hub/authorize. No password is given out.
names = r"[a-z][a-z0-9-]{0,23}\Z"  # what Unix takes, with the prefix; JupyterHub asks only how a name begins
admin = os.environ.get("COURSE_ADMIN", "").lower()  # as JupyterHub writes names
if not admin:
    raise SystemExit("Set COURSE_ADMIN to the hub name under which the instructor will sign up.")
if not re.match(names, admin):
    raise SystemExit(
        f"COURSE_ADMIN must be a letter, then up to 23 letters, digits or hyphens, not {admin!r}."
    )
solutions = os.environ.get("COURSE_SOLUTIONS", "shown")
if solutions not in ("shown", "hidden"):
    raise SystemExit(f"COURSE_SOLUTIONS must be shown or hidden, not {solutions!r}.")
c.JupyterHub.authenticator_class = "native"
c.Authenticator.admin_users = {admin}
c.Authenticator.allow_all = True  # of those who were approved
c.Authenticator.username_pattern = names
c.NativeAuthenticator.open_signup = False
c.NativeAuthenticator.minimum_password_length = 10
c.NativeAuthenticator.check_common_password = True
c.NativeAuthenticator.allowed_failed_logins = 10

# Where it answers. Passwords do not travel without encryption: no certificate, no other machine.
tls = os.environ.get("COURSE_TLS")
if tls:
    c.JupyterHub.ssl_cert = f"{tls}/cert.pem"
    c.JupyterHub.ssl_key = f"{tls}/key.pem"
c.JupyterHub.bind_url = "https://:443" if tls else "http://127.0.0.1:8000"

state = Path(os.environ.get("COURSE_STATE", "/srv/softmax-course"))
state.mkdir(mode=0o700, parents=True, exist_ok=True)
c.JupyterHub.db_url = f"sqlite:///{state}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{state}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{state}/proxy.pid"

# A hub that is restarted leaves the class at work.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False

# A class arrives within a minute, and starts are work for the processor: some at once, the others wait.
c.JupyterHub.concurrent_spawn_limit = 30
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120

c.JupyterHub.spawner_class = StudentSpawner
c.Spawner.pre_spawn_hook = prepared
c.Spawner.cmd = [sys.executable, str(HERE / "server" / "student_server.py")]
c.Spawner.default_url = f"/lab/tree/{FOLDER}/00_start_here.ipynb"
c.Spawner.environment = {
    "COURSE_SOLUTIONS": solutions,
    "JUPYTER_CONFIG_PATH": str(HERE / "server"),  # jupyter_server_config.py
    "JUPYTER_PATH": str(HERE / "server"),  # kernels/python3
    "JUPYTER_PREFER_ENV_PATH": "1",
    # Arrays of this course are small: threads only cost memory, and take turns from others.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}

# Servers that nobody has used for an hour stop; files stay.
c.JupyterHub.services = [
    {
        "name": "culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600", "--cull-every=300"],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "culler",
        "services": ["culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
