"""Reads its own source, doctest of itself, unittest of itself, exec and eval with its names."""

import ast
import code
import dis
import doctest
import inspect
import io
import linecache
import sys
import textwrap
import tokenize
import unittest

import torch


def double(x):
    """Twice.

    >>> double(2)
    4
    >>> double(torch.ones(2))
    tensor([2., 2.])
    >>> double(None)
    Traceback (most recent call last):
    TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'
    """
    return x * 2


print(doctest.testmod())


class Tests(unittest.TestCase):
    def setUp(self):
        self.x = torch.ones(2)

    def test_one(self):
        self.x += 1
        self.assertEqual(self.x.tolist(), [2.0, 2.0])

    def test_fails(self):
        with self.subTest(i=1):
            self.assertEqual(1, 2)

    def test_warns(self):
        with self.assertWarns(UserWarning):
            import warnings

            warnings.warn("w")

    def test_logs(self):
        import logging

        with self.assertLogs() as logs:
            logging.getLogger("x").warning("hello %s", 3)
        record = logs.records[0]
        self.assertEqual(
            (record.lineno > 0, record.funcName, record.module), (True, "test_logs", "reads_itself")
        )


stream = io.StringIO()
result = unittest.TextTestRunner(stream=stream, verbosity=2).run(
    unittest.defaultTestLoader.loadTestsFromTestCase(Tests)
)
print(stream.getvalue().split("Ran")[0])
space = {"torch": torch}
exec("a = torch.ones(2)\na += 1\nb = [i for i in a]", space)
print(sorted(k for k in space if k != "__builtins__"), space["b"])
print(eval("double(a)", globals(), space))


def local_exec():
    x = 1
    exec("x = 2; y = 3")
    print(x, sorted(locals()), eval("x + 1"))
    exec("print(sorted(locals()))")


local_exec()
compiled = compile("z = 1\nraise ValueError(z)", "<mine>", "exec")
try:
    exec(compiled)
except ValueError as e:
    print(e.__traceback__.tb_next.tb_frame.f_code.co_filename, z)
tree = ast.parse(inspect.getsource(double))
print(ast.dump(tree.body[0].args), inspect.getsourcefile(double) == __file__)
print(textwrap.dedent(inspect.getsource(Tests.test_one)))
print(len(list(tokenize.generate_tokens(open(__file__).readline))))
print(inspect.getcomments(double), inspect.getdoc(double)[:6], inspect.signature(Tests.assertEqual))
print(
    linecache.getline(__file__, 5), inspect.unwrap(double) is double, inspect.getclosurevars(double)
)
console = code.InteractiveInterpreter({"torch": torch})
console.runsource("x = torch.ones(1); print(x)")
console.runsource("1/0")
import logging

logging.basicConfig(
    stream=sys.stdout, format="%(filename)s %(lineno)d %(funcName)s %(message)s %(threadName)s"
)
logging.warning("module")


def logs():
    logging.error("function", stack_info=True)
    try:
        torch.ones(2).view(3)
    except RuntimeError:
        logging.exception("caught")


logs()
print(inspect.getmembers(sys.modules["__main__"], inspect.isclass))
print(inspect.getsource(inspect.currentframe())[:40])
lam = lambda x: x + 1
lam2 = lambda: 3
print(inspect.getsource(lam), lam.__code__.co_firstlineno)
import pdb, trace, cProfile, pstats, timeit

print(timeit.timeit("x + 1", globals={"x": 1}, number=3) > 0)
pr = cProfile.Profile()
pr.enable()
double(3)
double(torch.ones(2))
pr.disable()
out = io.StringIO()
st = pstats.Stats(pr, stream=out)
print(sorted((k[2], v[0]) for k, v in st.stats.items()))
tr = trace.Trace(count=1, trace=0)
tr.runfunc(double, 3)
print({k[1]: v for k, v in tr.results().counts.items() if k[0] == __file__})
