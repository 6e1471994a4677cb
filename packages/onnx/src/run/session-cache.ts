// Sessions over exported graphs, made when they are first needed. Runs one at a time: onnxruntime-web refuses a run while
// another session of the same WebGPU device is at work.
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
   * Runs a graph on feeds.
   *
   * @param id of the graph; the graph is made once for each
   * @param onDevice whether outputs stay on the GPU
   */
  run(
    id: string,
    make: () => Uint8Array,
    feeds: Readonly<Record<string, T>>,
    onDevice: boolean,
  ): Promise<Readonly<Record<string, T>>>;
  /** Releases every session, once those at work are done. */
  release(): void;
}

/** The last run of each runtime: all samplers over one share it. */
const queues = new WeakMap<object, Promise<unknown>>();

/** Makes a cache. */
export function createSessionCache<T extends OrtTensor>(
  ort: OnnxRuntime<T>,
  options: SessionOptions,
): SessionCache<T> {
  const sessions = new Map<string, Promise<OrtSession<T>>>();

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
    run: (id, make, feeds, onDevice) =>
      enqueue(async () => {
        const place = `${id} ${onDevice}`;
        let session = sessions.get(place);
        if (session === undefined) {
          const location = onDevice ? { preferredOutputLocation: "gpu-buffer" } : {};
          session = ort.InferenceSession.create(make(), { ...options, ...location });
          sessions.set(place, session);
          // A session that could not be made is tried again by the next call.
          session.catch(() => sessions.delete(place));
        }
        return (await (await session).run(feeds)) as Readonly<Record<string, T>>;
      }),
    release() {
      const released = enqueue(async () => {
        for (const session of sessions.values()) await (await session).release();
        sessions.clear();
      });
      // Nobody waits for it, and there is nobody to tell.
      released.catch(() => {});
    },
  };
}
