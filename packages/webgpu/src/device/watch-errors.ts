// Catches what WebGPU has to say of some commands, so that it reaches no one else's error scope.

/** What came of watched work: its result, and what WebGPU found wrong with it, null where that is nothing. */
export interface Watched<Result> {
  readonly result: Result;
  /** Validation errors: a buffer, say, that is destroyed. Rejects when the device is lost. */
  readonly refused: Promise<GPUError | null>;
  /** Memory that could not be had. Rejects when the device is lost. */
  readonly exhausted: Promise<GPUError | null>;
}

/** Does work, which must not wait for anything, under error scopes of its own. */
export function watchErrors<Result>(device: GPUDevice, work: () => Result): Watched<Result> {
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  let result: Result;
  try {
    result = work();
  } catch (error) {
    // Scopes that stayed open would swallow the errors of whoever comes next.
    for (let scope = 0; scope < 2; scope++) device.popErrorScope().catch(() => {});
    throw error;
  }
  return { result, refused: device.popErrorScope(), exhausted: device.popErrorScope() };
}
