"""The one place that mends what does not work as shipped, and pins what must be set before numpy is imported.

* pymorphy2 0.9.1 calls ``inspect.getargspec``, gone from Python 3.11.
* pymorphy2 finds its dictionary through ``pkg_resources``, gone from setuptools 82, so the path is given to it.
* LLVM does without half of each vector register of Intel's server processors.
* OpenBLAS with several threads makes the small matrices of the models 5-7 times slower than with one.
"""

import importlib.util
import inspect
import os
import sys
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

_BLAS_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def pin_blas_threads() -> None:
    """Hold BLAS to one thread a process; a value that the user has set stays. Has no effect once numpy is imported."""
    if "numpy" not in sys.modules:
        for variable in _BLAS_VARIABLES:
            os.environ.setdefault(variable, "1")


@cache
def _thread_pools() -> Any:  # noqa: ANN401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def one_blas_thread() -> AbstractContextManager[Any]:
    """Hold BLAS to one thread for a while, for programs that imported numpy before svodka."""
    context: AbstractContextManager[Any] = _thread_pools().limit(limits=1, user_api="blas")
    return context


def blas_name() -> str:
    """The BLAS library, its version and the processor it works for; two with one name sum in the same order."""
    parts = ("internal_api", "version", "architecture")
    pools = [pool for pool in _thread_pools().info() if pool["user_api"] == "blas"]
    return " ".join(str(pool.get(part)) for pool in pools for part in parts)


def use_wide_vectors() -> None:
    """Let numba use the whole of AVX-512 vectors, of which LLVM takes half on Intel's processors.

    The kernels gain up to a half by it. What the user has set stays, and it holds for what is compiled from now on.
    """
    import llvmlite.binding as llvm
    import numba

    config: Any = numba.config
    features = llvm.get_host_cpu_features()
    if config.CPU_FEATURES is None and features.get("avx512f"):
        config.CPU_NAME = llvm.get_host_cpu_name()
        config.CPU_FEATURES = features.flatten() + ",-prefer-256-bit"


def mend_inspect() -> None:
    """Give `inspect` back the ``getargspec`` that pymorphy2 and yargy call."""
    if not hasattr(inspect, "getargspec"):

        def getargspec(function: object) -> tuple[object, ...]:
            spec = inspect.getfullargspec(function)
            return spec.args, spec.varargs, spec.varkw, spec.defaults

        inspect.getargspec = getargspec  # type: ignore[attr-defined]


def package_path(package: str) -> Path:
    """The folder of an installed package, found without importing it.

    Raises:
        ModuleNotFoundError: The package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"svodka needs the package {package!r}: pip install {package}")
    return Path(spec.submodule_search_locations[0])
