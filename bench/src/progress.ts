// What is being measured and how much is left, on standard error.
import { SingleBar } from "cli-progress";

/** Progress of a run. */
export interface Progress {
  /** Adds steps that were not known before. */
  add(steps: number): void;
  /** Begins a step, which ends the one before. */
  step(what: string): void;
  end(): void;
}

/** A bar on a terminal, a line for each step elsewhere. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let [total, done] = [0, 0];
  const start = performance.now();
  if (!stream.isTTY) {
    return {
      add: (steps) => {
        total += steps;
      },
      step(what) {
        const seconds = ((performance.now() - start) / 1000).toFixed(0);
        stream.write(`${String(++done).padStart(4)}/${total} ${seconds.padStart(5)} s  ${what}\n`);
      },
      end: () => {},
    };
  }
  const bar = new SingleBar({
    stream,
    format: "{bar} {value}/{total}, {duration_formatted} gone, about {eta_formatted} left: {what}",
    barsize: 20,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
  });
  bar.start(0, 0, { what: "" });
  return {
    add(steps) {
      total += steps;
      bar.setTotal(total);
    },
    step(what) {
      bar.update(done++, { what });
    },
    end: () => bar.stop(),
  };
}
