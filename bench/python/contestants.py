"""PyTorch and JAX on the CPU. `python3 contestants.py torch|jax`: answers JSON lines on standard input; arrays go through files.

Commands: {"do": "prepare", "operation", "shape", "logits", "cotangent"} (paths of float32 files), {"do": "queue", "times"},
{"do": "result", "path"} (float64), {"do": "processor"}, {"do": "dispose"}. One answer a line; an error is {"error": text}.
"""

import json
import sys
import time


def torch_contestant():
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)

    def soft(logits):
        return F.gumbel_softmax(logits, tau=1.0, dim=-1)

    def gradient(logits, cotangent):
        x = logits.detach().requires_grad_(True)
        (soft(x) * cotangent).sum().backward()
        return x.grad

    return torch.__version__, {
        "array": lambda values, shape: torch.from_numpy(values.reshape(shape).copy()),
        "finish": lambda value: value,
        "categorical": lambda run, logits, _: torch.multinomial(torch.softmax(logits, -1), 1),
        "gumbelSoftmax": lambda run, logits, _: soft(logits),
        "gumbelSoftmaxVjp": lambda run, logits, cotangent: gradient(logits, cotangent),
        "gumbel": lambda run, logits, _: -torch.empty_like(logits).exponential_().log(),
        "bits": lambda run, logits, _: torch.rand_like(logits),
        "softmax": lambda run, logits, _: torch.softmax(logits, -1),
    }


def jax_contestant():
    import os

    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import jax
    import jax.numpy as jnp

    def soft(key, logits):
        return jax.nn.softmax(logits + jax.random.gumbel(key, logits.shape), -1)

    categorical = jax.jit(lambda key, logits: jax.random.categorical(key, logits, -1))
    gumbel_softmax = jax.jit(soft)
    gradient = jax.jit(lambda key, logits, cotangent: jax.grad(lambda x: (soft(key, x) * cotangent).sum())(logits))
    gumbel = jax.jit(lambda key, logits: jax.random.gumbel(key, logits.shape))
    bits = jax.jit(lambda key, logits: jax.random.bits(key, logits.shape))
    softmax = jax.jit(lambda logits: jax.nn.softmax(logits, -1))
    key = jax.random.key
    return jax.__version__, {
        "array": lambda values, shape: jnp.asarray(values.reshape(shape)),
        "finish": lambda value: value.block_until_ready(),
        "categorical": lambda run, logits, _: categorical(key(run), logits),
        "gumbelSoftmax": lambda run, logits, _: gumbel_softmax(key(run), logits),
        "gumbelSoftmaxVjp": lambda run, logits, cotangent: gradient(key(run), logits, cotangent),
        "gumbel": lambda run, logits, _: gumbel(key(run), logits),
        "bits": lambda run, logits, _: bits(key(run), logits),
        "softmax": lambda run, logits, _: softmax(logits),
    }


def main():
    library = sys.argv[1]
    try:
        import numpy

        version, contestant = {"torch": torch_contestant, "jax": jax_contestant}[library]()
    except ImportError as error:
        print(json.dumps({"absent": str(error)}), flush=True)
        return
    print(json.dumps({"version": version}), flush=True)
    run, last, state = 0, None, None
    for line in sys.stdin:
        command = json.loads(line)
        answer = {}
        try:
            if command["do"] == "prepare":
                operation = contestant[command["operation"]]
                load = lambda path: contestant["array"](numpy.fromfile(path, numpy.float32), command["shape"])
                state = (operation, load(command["logits"]), load(command["cotangent"]))
                run, last = 0, None
            elif command["do"] == "queue":
                operation, logits, cotangent = state
                for _ in range(command["times"]):
                    last = operation(run, logits, cotangent)
                    run += 1
                contestant["finish"](last)
            elif command["do"] == "result":
                numpy.asarray(last).astype(numpy.float64).tofile(command["path"])
            elif command["do"] == "processor":
                answer["milliseconds"] = time.process_time() * 1000
            elif command["do"] == "dispose":
                run, last, state = 0, None, None
        except Exception as error:  # reported, and the next command may work
            answer["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(answer), flush=True)


main()
