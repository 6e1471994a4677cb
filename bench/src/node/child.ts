// The child process in which everything outside browsers is measured. `child.js node`: what runs on the CPU;
// `child.js dawn|dawn-software`: WebGPU; `child.js pair …`: two checkouts (pair-starts.ts). Its service answers over IPC.
import { createBirpc } from "birpc";
import type { Start } from "../contestant.ts";
import { describeGpu } from "../gpu.ts";
import { createService } from "../service.ts";

// onnxruntime-web makes Node's workers global, after which jax-js takes its own memory for one that workers share, and fails.
Object.defineProperty(globalThis, "Worker", { get: () => undefined, set: () => {} });

const [kind, ...parameters] = process.argv.slice(2);

async function startsOf(): Promise<readonly Start[]> {
  switch (kind) {
    case "node":
      return (await import("./starts.ts")).nodeStarts;
    case "pair":
      return (await import("./pair-starts.ts")).pairStarts(parameters);
    default:
      await (await import("./use-dawn.ts")).useDawn(kind === "dawn");
      return (await import("../gpu.ts")).gpuStarts();
  }
}

const starts = startsOf();
// Reported by whoever asks for them.
starts.catch(() => {});
const service = createService({
  starts,
  clock: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  gpu: async () => {
    await starts;
    return describeGpu((globalThis.navigator as Navigator | undefined)?.gpu);
  },
});
createBirpc(service, {
  post: (answer) => process.send!(answer),
  on: (listener) => process.on("message", listener),
});
process.on("disconnect", () => process.exit());
