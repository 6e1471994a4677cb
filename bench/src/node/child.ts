// The child process in which everything on a CPU is measured. Answers questions of the service over IPC.
import { createService, type Service } from "../service.ts";
import { nodeStarts } from "./starts.ts";

/** A question, and its answer. */
export interface Question {
  readonly id: number;
  readonly method: keyof Service;
  readonly parameters: readonly unknown[];
}
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

// onnxruntime-web makes Node's workers global, after which jax-js takes its own memory for one that workers share, and fails.
Object.defineProperty(globalThis, "Worker", { get: () => undefined, set: () => {} });

const service = createService(nodeStarts, () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
});

process.on("message", async ({ id, method, parameters }: Question) => {
  try {
    const value = await (service[method] as (...parameters: readonly unknown[]) => unknown)(...parameters);
    process.send!({ id, value } satisfies Answer);
  } catch (error) {
    process.send!({
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    } satisfies Answer);
  }
});
process.on("disconnect", () => process.exit());
