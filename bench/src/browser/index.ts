// A short bench in the reader's own browser: ours on the backends that it has, interleaved, with the statistics of `pnpm bench`.
// Imports a backend only when it is asked for, and needs no document.
import { type Contestant, startOf } from "../contestant.ts";
import type { Figure, Operation, Shape } from "../results.ts";
import { createService } from "../service.ts";

/** How each backend starts; the first contestant is ours. */
const STARTS = {
  wasm: async () => (await import("../contestants/gumbel-wasm.ts")).gumbelWasm(),
  webgpu: async () => {
    const { gpuDevice } = await import("../gpu.ts");
    return (await import("../contestants/gumbel-webgpu.ts")).gumbelWebgpu(await gpuDevice());
  },
  "tfjs-cpu": async () => (await import("../contestants/tfjs.ts")).tfjs("cpu"),
  "tfjs-webgl": async () => (await import("../contestants/tfjs.ts")).tfjs("webgl"),
  "tfjs-webgpu": async () => {
    await import("@tensorflow/tfjs-backend-webgpu");
    return (await import("../contestants/tfjs.ts")).tfjs("webgpu");
  },
  reference: async () => (await import("../contestants/reference.ts")).reference(),
} satisfies Record<string, () => Promise<readonly Contestant[]>>;

export type BrowserBackend = keyof typeof STARTS;

/** What to measure: by default all backends, and `categorical` of a language model's next token in 3 seconds of rounds. */
export interface BrowserBenchOptions {
  readonly backends?: readonly BrowserBackend[];
  readonly operation?: Operation;
  readonly shape?: Shape;
  /** Of rounds, all backends together. Warm-up comes on top of it. */
  readonly seconds?: number;
  /** Called when a step begins: `loading wasm`, `measuring`. */
  readonly onProgress?: (what: string) => void;
}

/** A backend's figures; `failed` is the reason why it has none. */
export interface BrowserFigure extends Figure {
  readonly backend: BrowserBackend;
  readonly name: string;
}

/** Milliseconds of a turn: browsers' clocks are coarse, some by a whole millisecond. */
const TURN = 40;
const ROUNDS = 15;

/** Measures on this thread, better a worker's. Ratios refer to the first backend that runs. */
export async function benchBrowser({
  backends = Object.keys(STARTS) as BrowserBackend[],
  operation = "categorical",
  shape = [1, 151_936],
  seconds = 3,
  onProgress = () => {},
}: BrowserBenchOptions = {}): Promise<{ baseline: string | undefined; figures: BrowserFigure[] }> {
  const starts = backends.map((backend) =>
    startOf(backend, "wasm", backend, async () => {
      onProgress(`loading ${backend}`);
      const [ours] = await STARTS[backend]();
      if (ours.operations[operation] === undefined) throw new Error(`it has no ${operation}`);
      return [{ ...ours, id: backend }];
    }),
  );
  const service = createService({ starts });
  const roster = await service.roster(["wasm"]);
  onProgress("measuring");
  const options = { rounds: ROUNDS, turn: TURN, budget: 1000 * seconds, longest: 1000 * seconds };
  const measured = await service.measure(operation, shape, backends, options);
  const figures = backends.map((backend): BrowserFigure => {
    const { name, absent = "it did not run" } = roster.find(({ id }) => id === backend)!;
    const figure = measured.figures.find(({ contestant }) => contestant === backend);
    return { ...(figure ?? { contestant: backend, failed: absent }), backend, name };
  });
  return { baseline: measured.baseline, figures };
}
