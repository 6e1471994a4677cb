// Progress on standard error: a bar on a terminal, a line now and then elsewhere.
import { SingleBar } from "cli-progress";

export type Progress = ReturnType<typeof createProgress>;

export function createProgress() {
  const bar = new SingleBar({
    format: "{bar} {value}/{total}, {duration_formatted} gone, about {eta_formatted} left: {what}",
    barsize: 20,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  bar.start(1, 0, { what: "" });
  return {
    /** Adds steps that were not known before. */
    add: (steps: number) => bar.setTotal(bar.getTotal() + steps),
    /** Begins a step, which ends the one before. */
    step: (what: string) => bar.increment({ what }),
    end: () => bar.stop(),
  };
}
