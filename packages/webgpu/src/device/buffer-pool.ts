// Buffers that live for one call: uniforms and scratch. They are reused, never handed to callers.

/** A pool of buffers on one device. */
export interface BufferPool {
  /** A buffer of at least so many bytes. Its contents are those of its last use. */
  acquire(bytes: number, usage: number): GPUBuffer;
  /**
   * Takes a buffer back. Only after the commands that use it have been submitted: the queue's order then keeps its next
   * use behind them.
   */
  release(buffer: GPUBuffer): void;
  /** Destroys what is not in use. */
  destroy(): void;
}

/** Idle bytes that a pool keeps; what is released beyond that is destroyed. */
const MOST_IDLE_BYTES = 2 ** 26;
/** Smallest buffer: a uniform's worth. */
const LEAST_BYTES = 256;

/** Creates an empty pool. */
export function createBufferPool(device: GPUDevice): BufferPool {
  const idle = new Map<string, GPUBuffer[]>();
  let idleBytes = 0;
  let destroyed = false;
  const slot = (bytes: number, usage: number): GPUBuffer[] => {
    const name = `${usage}/${bytes}`;
    const found = idle.get(name) ?? [];
    idle.set(name, found);
    return found;
  };
  return {
    acquire(bytes, usage) {
      // Powers of two, so that few sizes serve many calls; a large one gets what it asks for, in whole words.
      const power = 2 ** Math.ceil(Math.log2(Math.max(bytes, LEAST_BYTES)));
      const size = power <= MOST_IDLE_BYTES ? power : 4 * Math.ceil(bytes / 4);
      const found = slot(size, usage).pop();
      if (found !== undefined) {
        idleBytes -= found.size;
        return found;
      }
      return device.createBuffer({ label: "gumbel scratch", size, usage });
    },
    release(buffer) {
      if (destroyed || idleBytes + buffer.size > MOST_IDLE_BYTES) {
        buffer.destroy();
        return;
      }
      idleBytes += buffer.size;
      slot(buffer.size, buffer.usage).push(buffer);
    },
    destroy() {
      destroyed = true;
      for (const buffers of idle.values()) for (const buffer of buffers) buffer.destroy();
      idle.clear();
      idleBytes = 0;
    },
  };
}
