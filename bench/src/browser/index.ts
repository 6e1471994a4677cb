// A short bench in the reader's own browser: ours on the backends that it has, interleaved, with the statistics of `pnpm bench`.
// Imports a backend only when it is asked for. Nothing here knows of pages.
import type { Contestant, Starter } from "../contestant.ts";
import { inputsOf } from "../inputs.ts";
import { malformed } from "../measure/check.ts";
import { type MeasureOptions, measure, type Turn } from "../measure/measure.ts";
import type { Figure, Operation } from "../results.ts";

export type { Figure, Operation, Spread } from "../results.ts";

/** Backends that can be measured. */
export const BROWSER_BACKENDS = [
  "wasm",
  "webgpu",
  "tfjs-cpu",
  "tfjs-webgl",
  "tfjs-webgpu",
  "reference",
] as const;

/** One of them. */
export type BrowserBackend = (typeof BROWSER_BACKENDS)[number];

/** What to measure. */
export interface BrowserBenchOptions {
  /** Default all. One that this browser lacks is given with the reason. */
  readonly backends?: readonly BrowserBackend[] | undefined;
  /** Default `"categorical"`. */
  readonly operation?: Operation | undefined;
  /** Rows and classes of the logits; default [1, 151936], a language model's next token. */
  readonly shape?: readonly [rows: number, classes: number] | undefined;
  /** Seconds of rounds, all backends together; default 3. Warm-up comes on top of it. */
  readonly seconds?: number | undefined;
  /** Called when something new begins: `loading wasm`, `measuring`. */
  readonly onProgress?: ((what: string) => void) | undefined;
}

/** A backend's figures. */
export interface BrowserFigure extends Figure {
  readonly backend: BrowserBackend;
  readonly name: string;
}

/** What a run in a browser gives. */
export interface BrowserBench {
  readonly operation: Operation;
  readonly shape: readonly [rows: number, classes: number];
  /** Backend that ratios are to: the first that runs. */
  readonly baseline: BrowserBackend | undefined;
  /** In the order of the request; `failed` says why one has no figures. */
  readonly figures: readonly BrowserFigure[];
}

const STARTERS: Readonly<Record<BrowserBackend, Starter>> = {
  wasm: async () => (await import("../contestants/gumbel-wasm.ts")).gumbelWasm(),
  webgpu: async () => {
    const { gpuDevice } = await import("../chromium/gpu-device.ts");
    return (await import("../contestants/gumbel-webgpu.ts")).gumbelWebgpu(await gpuDevice());
  },
  "tfjs-cpu": async () => (await import("../contestants/tfjs.ts")).tfjs("cpu"),
  "tfjs-webgl": async () => (await import("../contestants/tfjs.ts")).tfjs("webgl"),
  "tfjs-webgpu": async () => {
    await import("@tensorflow/tfjs-backend-webgpu");
    return (await import("../contestants/tfjs.ts")).tfjs("webgpu");
  },
  reference: async () => (await import("../contestants/reference.ts")).reference(),
};

/** Milliseconds of a turn: browsers' clocks are coarse, some by a whole millisecond. */
const TURN = 40;
const ROUNDS = 15;

/** Measures. Takes the thread for as long as it runs: call it in a worker where a page should stay alive. */
export async function benchBrowser({
  backends = BROWSER_BACKENDS,
  operation = "categorical",
  shape = [1, 151_936],
  seconds = 3,
  onProgress = () => {},
}: BrowserBenchOptions = {}): Promise<BrowserBench> {
  const inputs = inputsOf(shape);
  const failed = new Map<BrowserBackend, string>();
  const names = new Map<BrowserBackend, string>();
  const turns: Turn[] = [];
  for (const backend of backends) {
    onProgress(`loading ${backend}`);
    try {
      const [contestant] = (await STARTERS[backend]()) as readonly Contestant[];
      names.set(backend, contestant.name);
      const entry = contestant.operations[operation];
      if (entry === undefined) throw new Error(`it has no ${operation}`);
      const ready = await entry.prepare(inputs);
      await ready.queue(1);
      await ready.done();
      const wrong = malformed(operation, inputs, await ready.result?.());
      turns.push({ contestant: backend, ready, ...(wrong === undefined ? {} : { wrong }) });
    } catch (error) {
      failed.set(backend, error instanceof Error ? error.message : String(error));
    }
  }
  onProgress("measuring");
  const options: MeasureOptions = {
    rounds: ROUNDS,
    turn: TURN,
    budget: 1000 * seconds,
    longest: 1000 * seconds,
  };
  const { baseline, figures } = await measure(turns, shape[0] * shape[1], backends, options);
  for (const { ready } of turns) await ready.dispose();
  return {
    operation,
    shape,
    baseline: baseline as BrowserBackend | undefined,
    figures: backends.map((backend) => ({
      ...(figures.find(({ contestant }) => contestant === backend) ?? {
        contestant: backend,
        failed: failed.get(backend) ?? "it did not run",
      }),
      backend,
      name: names.get(backend) ?? backend,
    })),
  };
}
