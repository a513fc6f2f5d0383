"""Shows torch's compiler the program as it was written, without probes.

Dynamo reads the bytecode of functions. Recorded code differs from plain code only in calls that
compute nothing and in constants, not in variables, so the plain code can take its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType, ModuleType
from typing import Any

DYNAMO = "torch._dynamo.convert_frame"
_LAYOUT = ("co_varnames", "co_cellvars", "co_freevars", "co_flags", "co_argcount")


_BEGUN = -2
"""The first instruction of the recorder's own functions, which have no beginning that dynamo could
find: it leaves them alone, as it does what runs already."""


def show_plain_code(convert_frame: ModuleType, plain: Mapping[CodeType, CodeType]) -> None:
    """Make dynamo, just imported, work on plain code objects."""
    from torch._dynamo.variables.functions import UserFunctionVariable

    compile_frame: Any = convert_frame._compile
    get_code: Any = UserFunctionVariable.get_code

    def of_plain(code: CodeType, *args: Any, **kwargs: Any) -> Any:
        return compile_frame(_plain(code, plain), *args, **kwargs)

    def plain_code(self: Any) -> CodeType:
        return _plain(get_code(self), plain)

    first: Any = getattr(convert_frame, "first_real_inst_idx", None)

    def first_or_begun(code: CodeType) -> int:
        try:
            return int(first(code))
        except RuntimeError:
            return _BEGUN

    if first is not None:
        setattr(convert_frame, "first_real_inst_idx", first_or_begun)  # noqa: B010
    convert_frame._compile = of_plain  # type: ignore[attr-defined]
    setattr(UserFunctionVariable, "get_code", plain_code)  # noqa: B010


def _plain(code: CodeType, plain: Mapping[CodeType, CodeType]) -> CodeType:
    found = plain.get(code)
    if found is None or any(getattr(code, name) != getattr(found, name) for name in _LAYOUT):
        return code
    return found
