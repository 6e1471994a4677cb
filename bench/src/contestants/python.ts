// PyTorch and JAX on the CPU, in a child process that takes turns like every contestant; python/contestants.py.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Contestant, entriesOf } from "../contestant.ts";
import type { Operation } from "../results.ts";

/** A library of the `python3` on PATH, on one thread; rejects where there is none. */
export async function python(library: "torch" | "jax"): Promise<Contestant[]> {
  const script = fileURLToPath(new URL("../python/contestants.py", import.meta.url));
  const child = spawn("python3", [script, library], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child, "spawn").catch(() => {
    throw new Error("no python3 on PATH");
  });
  const folder = mkdtempSync(join(tmpdir(), "gumbel-bench-"));
  process.once("exit", () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the process of ${library} has ended`);
    return JSON.parse(value);
  };
  const { absent, version, calls } = await answer();
  if (absent !== undefined) throw new Error(`the python3 on PATH has no ${library}: ${absent}`);
  let milliseconds = 0;
  let count = 0;
  const path = (name: string) => join(folder, name);
  const operations = entriesOf(
    calls as Record<Operation, string>,
    async (operation, { shape, ...inputs }) => {
      const id = count++;
      const ask = async (what: string, parameters: object = {}) => {
        child.stdin.write(`${JSON.stringify({ do: what, id, ...parameters })}\n`);
        const { error, ...rest } = await answer();
        if (error !== undefined) throw new Error(error);
        milliseconds = rest.milliseconds;
      };
      const [logits, cotangent, result] = ["logits", "cotangent", "result"].map(path);
      writeFileSync(logits, inputs.logits);
      writeFileSync(cotangent, inputs.cotangent);
      await ask("prepare", { operation, shape, logits, cotangent });
      return {
        queue: (times) => ask("queue", { times }),
        done: () => {},
        async result() {
          await ask("result", { path: result });
          return new Float64Array(Uint8Array.from(readFileSync(result)).buffer);
        },
        processor: async () => milliseconds,
        dispose: () => ask("dispose"),
      };
    },
  );
  const [id, name] = library === "torch" ? ["pytorch", "PyTorch"] : ["jax", "JAX"];
  return [{ id, name, family: "wasm", library, version, operations }];
}
