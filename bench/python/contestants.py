"""PyTorch and JAX on the CPU. `python3 contestants.py torch|jax`: first prints {"version", "calls": {operation: code}} or
{"absent": why}, then answers JSON lines on standard input, one line each; an error is {"error": text}. Arrays go through files.

Commands: {"do": "prepare", "id", "operation", "shape", "logits", "cotangent"} (paths of float32 files), {"do": "queue", "id",
"times"}, {"do": "result", "id", "path"} (float64), {"do": "dispose", "id"}. Answers hold processor milliseconds so far.
"""

import json
import os
import sys
import time

CALLS = {
    "torch": {
        "categorical": "torch.multinomial(torch.softmax(logits, -1), 1)",
        "gumbelSoftmax": "F.gumbel_softmax(logits)",
        "gumbelSoftmaxVjp": "torch.autograd.grad(F.gumbel_softmax(x := logits.detach().requires_grad_()), x, cotangent)[0]",
        "gumbel": "-torch.empty_like(logits).exponential_().log()",
        "bits": "torch.rand_like(logits)",
        "softmax": "torch.softmax(logits, -1)",
    },
    "jax": {
        "categorical": "jax.random.categorical(key, logits, -1)",
        "gumbelSoftmax": "jax.nn.softmax(logits + jax.random.gumbel(key, logits.shape))",
        "gumbelSoftmaxVjp": "jax.vjp(lambda x: jax.nn.softmax(x + jax.random.gumbel(key, x.shape)), logits)[1](cotangent)[0]",
        "gumbel": "jax.random.gumbel(key, logits.shape)",
        "bits": "jax.random.bits(key, logits.shape)",
        "softmax": "jax.nn.softmax(logits)",
    },
}


def torch_library():
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    call_of = lambda code: eval(f"lambda run, logits, cotangent: {code}", {"torch": torch, "F": F})
    return torch.__version__, lambda values: torch.from_numpy(values.copy()), call_of, lambda value: value


def jax_library():
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import jax

    def call_of(code):
        # A jitted function takes only what it uses.
        used = ", ".join(name for name in ("key", "logits", "cotangent") if name in code)
        scope = {"jitted": jax.jit(eval(f"lambda {used}: {code}", {"jax": jax})), "key": jax.random.key}
        return eval(f"lambda run, logits, cotangent: jitted({used.replace('key', 'key(run)')})", scope)

    return jax.__version__, jax.numpy.asarray, call_of, lambda value: value.block_until_ready()


def main():
    library = sys.argv[1]
    try:
        import numpy

        version, array, call_of, finish = {"torch": torch_library, "jax": jax_library}[library]()
    except ImportError as error:
        print(json.dumps({"absent": str(error)}), flush=True)
        return
    print(json.dumps({"version": version, "calls": CALLS[library]}), flush=True)
    ready = {}
    for line in sys.stdin:
        command = json.loads(line)
        answer = {}
        try:
            do, each = command["do"], ready.setdefault(command["id"], {"run": 0})
            if do == "prepare":
                files = [numpy.fromfile(command[name], numpy.float32) for name in ("logits", "cotangent")]
                each["inputs"] = [array(values.reshape(command["shape"])) for values in files]
                each["call"] = call_of(CALLS[library][command["operation"]])
            elif do == "queue":
                for _ in range(command["times"]):
                    each["last"] = each["call"](each["run"], *each["inputs"])
                    each["run"] += 1
                finish(each["last"])
            elif do == "result":
                numpy.asarray(each["last"]).astype(numpy.float64).tofile(command["path"])
            elif do == "dispose":
                del ready[command["id"]]
        except Exception as error:  # reported, and the next command may work
            answer["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps({**answer, "milliseconds": time.process_time() * 1000}), flush=True)


main()
