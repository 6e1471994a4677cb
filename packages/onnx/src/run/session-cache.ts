// Sessions over sampling graphs, made when they are first needed. Runs are serialized: onnxruntime-web refuses a run while
// another session of the same WebGPU device runs.
import { type Graph, modelOf } from "../models/graph.ts";
import type { OnnxRuntime, OrtSession, OrtTensor } from "./onnx-runtime.ts";

/** Options that every session is created with, those of `InferenceSession.create`. */
export interface SessionOptions {
  /** ONNX Runtime's execution providers; default its own. */
  readonly executionProviders?: readonly unknown[] | undefined;
  /** Any other, such as `intraOpNumThreads` or `logSeverityLevel`. */
  readonly [option: string]: unknown;
}

/** Runs graphs. */
export interface SessionCache<T> {
  /**
   * Runs a graph on feeds. Graphs of equal JSON share a session.
   *
   * @param onDevice whether outputs stay on the GPU
   */
  run(
    graph: Graph,
    feeds: Readonly<Record<string, T>>,
    onDevice: boolean,
  ): Promise<Readonly<Record<string, T>>>;
  /** Releases every session, once running ones are done, and those that calls under way still make. */
  release(): void;
}

/** The last run of each runtime, shared by all samplers over it. */
const queues = new WeakMap<object, Promise<unknown>>();

/** Creates a cache. */
export function createSessionCache<T extends OrtTensor>(
  ort: OnnxRuntime<T>,
  options: SessionOptions,
): SessionCache<T> {
  const sessions = new Map<string, Promise<OrtSession<T>>>();
  let isReleased = false;

  async function releaseAll(): Promise<void> {
    const made = [...sessions.values()];
    sessions.clear();
    for (const session of made) await (await session).release();
  }

  function enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = queues.get(ort.InferenceSession) ?? Promise.resolve();
    const result = before.then(work, work);
    queues.set(
      ort.InferenceSession,
      result.catch(() => {}),
    );
    return result;
  }

  return {
    run: (graph, feeds, onDevice) =>
      enqueue(async () => {
        const id = `${JSON.stringify(graph)} ${onDevice}`;
        let session = sessions.get(id);
        if (session === undefined) {
          const location = onDevice ? { preferredOutputLocation: "gpu-buffer" } : {};
          session = ort.InferenceSession.create(modelOf(graph), { ...options, ...location });
          sessions.set(id, session);
          // After a failure the next call tries again.
          session.catch(() => sessions.delete(id));
        }
        const results = (await (await session).run(feeds)) as Readonly<Record<string, T>>;
        // A call that was made before the release may come to its session after it, while its noise is made.
        if (isReleased) await releaseAll();
        return results;
      }),
    release() {
      isReleased = true;
      const released = enqueue(releaseAll);
      // dispose is synchronous: a failure has no caller to reach.
      released.catch(() => {});
    },
  };
}
