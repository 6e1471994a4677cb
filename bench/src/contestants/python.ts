// PyTorch and JAX on the CPU, in a child process of their own that takes its turns like everyone else; python/contestants.py.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Contestant, Entry } from "../contestant.ts";
import type { Operation } from "../results.ts";

/** Python's name of a library. */
export type PythonLibrary = "torch" | "jax";

const HOW: Readonly<Record<PythonLibrary, Partial<Readonly<Record<Operation, string>>>>> = {
  torch: {
    categorical: "torch.multinomial(torch.softmax(logits, -1), 1)",
    gumbelSoftmax: "F.gumbel_softmax(logits)",
    gumbelSoftmaxVjp: "backward of the same",
    gumbel: "-torch.empty_like(logits).exponential_().log()",
    bits: "torch.rand_like(logits)",
    softmax: "torch.softmax(logits, -1)",
  },
  jax: {
    categorical: "jit(jax.random.categorical)",
    gumbelSoftmax: "jit(jax.nn.softmax(logits + jax.random.gumbel))",
    gumbelSoftmaxVjp: "jit(grad of the same)",
    gumbel: "jit(jax.random.gumbel)",
    bits: "jit(jax.random.bits)",
    softmax: "jit(jax.nn.softmax)",
  },
};

/**
 * A library of the `python3` on PATH, on one thread.
 *
 * @throws Error where there is none, or it lacks the library
 */
export async function python(library: PythonLibrary): Promise<Contestant[]> {
  if (spawnSync("python3", ["--version"]).error !== undefined) throw new Error("no python3 on PATH");
  const script = fileURLToPath(new URL("../python/contestants.py", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "gumbel-bench-"));
  const child = spawn("python3", [script, library], { stdio: ["pipe", "pipe", "inherit"] });
  process.once("exit", () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the process of ${library} has ended`);
    return JSON.parse(value);
  };
  const { absent, version } = await answer();
  if (absent !== undefined) throw new Error(`the python3 on PATH has no ${library}: ${absent}`);
  const ask = async (command: object) => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const { error, ...rest } = await answer();
    if (error !== undefined) throw new Error(String(error));
    return rest;
  };
  // One operation is ready at a time over there; a turn of another one prepares it again, which is not timed.
  let current: object | undefined;
  const entry = (operation: Operation, how: string): Entry => ({
    how,
    async prepare({ shape, logits, cotangent }) {
      const self = {};
      const path = (name: string) => join(folder, name);
      const prepare = async () => {
        if (current === self) return;
        writeFileSync(path("logits"), logits);
        writeFileSync(path("cotangent"), cotangent);
        await ask({ do: "prepare", operation, shape, logits: path("logits"), cotangent: path("cotangent") });
        current = self;
      };
      await prepare();
      return {
        async queue(times) {
          await prepare();
          await ask({ do: "queue", times });
        },
        done: () => {},
        async result() {
          await ask({ do: "result", path: path("result") });
          const bytes = readFileSync(path("result"));
          return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
        },
        processor: async () => (await ask({ do: "processor" })).milliseconds as number,
        async dispose() {
          if (current === self) await ask({ do: "dispose" });
          current = undefined;
        },
      };
    },
  });
  const entries = Object.entries(HOW[library]).map(([operation, how]) => [
    operation,
    entry(operation as Operation, how),
  ]);
  return [
    {
      id: library === "torch" ? "pytorch" : "jax",
      name: library === "torch" ? "PyTorch" : "JAX",
      family: "wasm",
      ours: false,
      library,
      version: String(version),
      operations: Object.fromEntries(entries),
    },
  ];
}
