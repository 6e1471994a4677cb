// Starts the child process and speaks with it as with the service.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunningEnvironment } from "../run.ts";
import type { Service } from "../service.ts";
import type { Answer, Question } from "./child.ts";

/** Starts the environment `node`. */
export async function startNode(): Promise<RunningEnvironment> {
  // Libraries greet on standard output, where the table may go.
  const child = fork(fileURLToPath(new URL("./child.js", import.meta.url)), {
    stdio: ["ignore", 2, 2, "ipc"],
    serialization: "advanced",
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let count = 0;
  let ended: Error | undefined;
  child.on("message", ({ id, value, error }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  });
  child.on("exit", (code, signal) => {
    ended = new Error(`the process of the CPU's contestants ended with ${signal ?? code}`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  });
  const call = (method: keyof Service, parameters: readonly unknown[]) =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) {
        reject(ended);
        return;
      }
      const id = count++;
      waiting.set(id, { resolve, reject });
      child.send({ id, method, parameters } satisfies Question);
    });
  return {
    environment: { id: "node", runtime: `Node ${process.versions.node}` },
    preferred: ["gumbel-wasm", "gumbel-tfjs-cpu", "gumbel-onnx-node"],
    service: new Proxy({} as Service, {
      get:
        (_, method: keyof Service) =>
        (...parameters: unknown[]) =>
          call(method, parameters),
    }),
    async close() {
      if (child.connected) child.disconnect();
    },
  };
}
