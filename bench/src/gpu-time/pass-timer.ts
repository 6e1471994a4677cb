// Times what a compute pass takes: by the GPU's own clock, or by the processor's where the GPU is software.

/** A timer of a device. */
export interface PassTimer {
  /** What it counts. */
  readonly clock: string;
  /** Milliseconds of the commands that `encode` puts into a pass. What it returns is called afterwards. */
  time(encode: (pass: GPUComputePassEncoder) => readonly (() => void)[]): Promise<number>;
}

/** Creates the timer. A software GPU shares its processor with others, so that elapsed time would tell of those. */
export function createPassTimer(device: GPUDevice, isHardware: boolean): PassTimer {
  const hasClock = isHardware && device.features.has("timestamp-query");
  const now = isHardware ? () => performance.now() : processorTime;
  const { COPY_SRC, COPY_DST, QUERY_RESOLVE, MAP_READ } = GPUBufferUsage;
  const words = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
  return {
    clock: hasClock ? "timestamp-query" : isHardware ? "elapsed time of submits" : "processor time",
    async time(encode) {
      const encoder = device.createCommandEncoder();
      const querySet = hasClock ? device.createQuerySet({ type: "timestamp", count: 2 }) : undefined;
      const timestamps = { beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
      const pass = encoder.beginComputePass(querySet && { timestampWrites: { querySet, ...timestamps } });
      const releases = encode(pass);
      pass.end();
      const readable = device.createBuffer({ size: 16, usage: MAP_READ | COPY_DST });
      if (querySet !== undefined) {
        encoder.resolveQuerySet(querySet, 0, 2, words, 0);
        encoder.copyBufferToBuffer(words, 0, readable, 0, 16);
      }
      const commands = encoder.finish();
      const start = now();
      device.queue.submit([commands]);
      await device.queue.onSubmittedWorkDone();
      let time = now() - start;
      if (querySet !== undefined) {
        await readable.mapAsync(GPUMapMode.READ);
        const [begin, end] = new BigUint64Array(readable.getMappedRange());
        time = Number(end - begin) / 1e6;
      }
      for (const release of releases) release();
      readable.destroy();
      querySet?.destroy();
      return time;
    },
  };
}

/** Milliseconds that this process's threads have worked. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
