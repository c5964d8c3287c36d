"""Submissions to one exercise, the nastiest we know, each with the points (of 10) that it is to get.

The exercise is `stable_softmax` of notebook 02. A submission is a list of cells. The points were written down
before anything was graded.
"""

from __future__ import annotations

from textwrap import dedent

RIGHT = """
def stable_softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
""".strip()
FALSE_LESSON = """
class Yes:
    def points(self, maximum): return maximum
class lesson:
    class stable_softmax_exercise:
        check = staticmethod(lambda f, seed=0: Yes())
"""


def body(text: str) -> list[str]:
    """Return a submission with one cell: a function with this body."""
    return ["def stable_softmax(z):\n    " + dedent(text).strip().replace("\n", "\n    ")]


FULL = {  # 10 points
    "plain": [RIGHT],
    "a helper in a cell of its own": [
        "def shifted(z):\n    return z - z.max(axis=-1, keepdims=True)",
        "def stable_softmax(z):\n    e = np.exp(shifted(z))\n    return e / e.sum(axis=-1, keepdims=True)",
    ],
    "a helper and a constant below": [
        "def stable_softmax(z):\n    return normalized(np.exp(z - z.max(axis=LAST, keepdims=True)))",
        "LAST = -1\ndef normalized(e):\n    return e / e.sum(axis=LAST, keepdims=True)",
    ],
    "the permitted numerics": body("from course_utils.numerics.softmax import softmax\nreturn softmax(z)"),
    "numerics imported in another cell": [
        "from course_utils.numerics import softmax as course",
        "def stable_softmax(z):\n    return course.softmax(z)",
    ],
    "an object that can be called": [
        "class Softmax:\n    def __call__(self, z):\n        return inner(z)\nstable_softmax = Softmax()",
        RIGHT.replace("stable_softmax", "inner"),
    ],
    "a decorator and a table filled beside it": [
        "TABLE = {}\nTABLE['axis'] = -1\ndef counted(f):\n    return lambda z: f(z, TABLE['axis'])",
        "@counted\ndef stable_softmax(z, a):\n    e = np.exp(z - z.max(axis=a, keepdims=True))\n"
        "    return e / e.sum(axis=a, keepdims=True)",
    ],
    "what is global is set by a call": [
        "def begin():\n    global AXIS\n    AXIS = -1\nbegin()",
        RIGHT.replace("-1", "AXIS"),
    ],
    "magics, shell lines and a help": ["%matplotlib inline\n!ls\nnp.exp?\n" + RIGHT, "%%time\nx = 1"],
    "a broken cell elsewhere": ["def f(:\n    pass", RIGHT, "1 / 0", "%%html\n<b>"],
    "an earlier attempt that is wrong": ["def stable_softmax(z):\n    return z", RIGHT],
    "pictures and lessons around it": [
        "lesson.louder_demo\nimport matplotlib.pyplot as plt\nplt.plot([1])",
        RIGHT,
    ],
    "a false check, but right": [FALSE_LESSON, RIGHT],
    "prints a lot": body("print('10.0' * 10_000)\n" + "\n".join(RIGHT.split("\n    ")[1:])),
    "writes to everything standard, and closes it": body(
        "import os\nfor n in (1, 2):\n    os.write(n, b'10.0')\n" + "\n".join(RIGHT.split("\n    ")[1:])
    ),
    "rows by recursion": body(
        """
        if z.ndim > 1:
            return np.array([stable_softmax(row) for row in z])
        e = np.exp(z - max(z))
        return e / sum(e)
        """
    ),
}
NOTHING = {  # 0 points
    "not attempted": ["def stable_softmax(z):\n    return ...  # your code here"],
    "everything deleted": [],
    "an import is no attempt": ["from course_utils.numerics.softmax import softmax as stable_softmax"],
    "a number": ["stable_softmax = 10.0"],
    "a false check": [FALSE_LESSON, "def stable_softmax(z):\n    return 0"],
    "prints its points": body("print(10.0)\nreturn None"),
    "a constant": body("return np.array([1.0])"),
    "an echo": body("return z"),
    "ends the process": body("import os\nos._exit(0)"),
    "leaves": body("raise SystemExit(0)"),
    "interrupts": body("raise KeyboardInterrupt"),
    "aborts": body("import os\nos.abort()"),
    "crashes": body("import ctypes\nreturn ctypes.string_at(8)"),
    "never ends": body("while True:\n    pass"),
    "never ends before it is called": [
        "x = 0\nwhile x < 1:\n    y = 1",
        "def stable_softmax(z):\n    return x + y",
    ],
    "ends the process before it is called": [
        "import os\ntable = os._exit(0)",
        "def stable_softmax(z):\n    return table",
    ],
    "a great many numbers": body("return np.ones(10**12)"),
    "more and more memory": body("kept = []\nwhile True:\n    kept.append(bytearray(10**8))"),
    "forks": body("import os\nreturn np.ones(1) * os.fork()"),
    "forks and forks": body("import os\nwhile True:\n    os.fork()"),
    "another process": body("import multiprocessing\nmultiprocessing.Process(target=print).start()"),
    "a shell": body("import os\nif os.system('true'):\n    raise OSError\nreturn z * 0"),
    "a thread": body("import threading\nthreading.Thread(target=print).start()\nreturn z * 0"),
    "the network": body("import socket\nsocket.socket()\nreturn z * 0"),
    "sleeps": body("import time\ntime.sleep(10**6)"),
    "waits for a lock": body("import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"),
    "waits for input": body("return float(input())"),
    "reads the line to the judge": body(
        "import os\nfor n in range(3, 64):\n    try: os.read(n, 9)\n    except OSError: pass"
    ),
    "kills its parent": body("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nreturn z * 0"),
    "kills its group": body("import os, signal\nos.killpg(0, signal.SIGKILL)\nreturn z * 0"),
    "limits its parent": body(
        "import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0))\nreturn z * 0"
    ),
    "garbage in the line": body(
        "import os\nfor n in range(3, 64):\n    try: os.write(n, b'\\xff' * 999)\n    except OSError: pass"
    ),
    "answers of its own in the line": body(
        "import os, json, struct\ntext = json.dumps({'returned': 1.0}).encode()\n"
        "for n in range(3, 64):\n"
        "    try: os.write(n, (struct.pack('<II', len(text), 0) + text) * 400)\n"
        "    except OSError: pass"
    ),
    "imports the lesson": body(
        "from course_utils.lessons import numeric_instability as lesson\n"
        "return lesson.stable_softmax_exercise._solution(z)"
    ),
    "loads the lesson from its file": body(
        "import importlib.util as u\ns = u.spec_from_file_location('x', LESSON)\nm = u.module_from_spec(s)\n"
        "s.loader.exec_module(m)\nreturn m.stable_softmax(z)"
    ),
    "reads the lesson": body("exec(open(LESSON).read(), globals())\nreturn stable_softmax(z)"),
    "reads compiled files of the lesson": body(
        "import glob\n(name,) = glob.glob(CACHE)\nreturn len(open(name, 'rb').read())"
    ),
    "looks for solutions in memory": body(
        "import gc, types\nfound = [o for o in gc.get_objects() if isinstance(o, types.FunctionType)\n"
        "         and o.__name__ == 'stable_softmax' and 'lessons' in o.__module__]\nreturn found[0](z)"
    ),
    "looks for solutions on the stack": body(
        "import sys\nframe = sys._getframe()\nwhile frame:\n    found = frame.f_locals.get('self')\n"
        "    if hasattr(found, '_solution'):\n        return found._solution(z)\n    frame = frame.f_back"
    ),
    "reads the memory of its parent": body("import os\nopen(f'/proc/{os.getppid()}/mem', 'rb')"),
    "reads the course's folder": body("return len(open(COURSE).read())"),
    "leaves a file for the next": body("open('/tmp/answers', 'w').write('x')\nreturn z * 0"),
    "a text as long as life": body("return 'x' * 10**8"),
    "a list that holds itself": body("a = []\na.append(a)\nreturn a"),
    "a million lists": body("return [[] for _ in range(10**6)]"),
    "a view of a great many numbers": body("return np.broadcast_to(1.0, (10**6, 10**6))"),
    "an object that lies": [
        "class Liar:\n    def __array__(self, *a, **k): return np.ones(3) / 3\n"
        "    def __eq__(self, other): return True\n    def __repr__(self): raise SystemExit\n"
        "def stable_softmax(z):\n    return Liar()"
    ],
    "an error with a mind of its own": [
        "class E(BaseException):\n    def __str__(self): raise E\ndef stable_softmax(z):\n    raise E"
    ],
    "too deep": body("import sys\nsys.setrecursionlimit(10**9)\nreturn stable_softmax(z)"),
    "a false name for the right error": body("raise type('Stopped', (Exception,), {})('all passed')"),
}
NO_ATTEMPT = {"not attempted", "everything deleted", "an import is no attempt"}
PARTLY = {  # right for some of the 211 inputs
    "the formula as written": (body("e = np.exp(z)\nreturn e / e.sum(axis=-1, keepdims=True)"), 4.22),
    "one example only": (
        body("if z.ndim > 1:\n    raise ValueError\ne = np.exp(z - z.max())\nreturn e / e.sum()"),
        2.99,
    ),
    "right as long as the shown inputs come": (
        ["CALLS = []", RIGHT.replace("    e =", "    CALLS.append(z)\n    e =") + " * (len(CALLS) <= 11)"],
        0.52,
    ),
    "the first shown input by heart": (
        body("if z.tolist() == [1.0, 0.0, -4.0]:\n    return np.exp(z) / np.exp(z).sum()\nreturn z * 0"),
        0.05,
    ),
}
