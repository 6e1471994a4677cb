// Processor time of a browser's page and GPU processes, from Linux's /proc: other programs hardly affect it.
import { readdirSync, readFileSync } from "node:fs";

/** Of reading: a process or thread may end meanwhile. */
const ATTEMPTS = 10;

/** Milliseconds of all page and GPU processes that descend from a process, over all their live threads. */
export function processorMilliseconds(ancestor: number): number {
  for (let attempt = 1; ; attempt++) {
    try {
      return nanosecondsBelow(String(ancestor)) / 1e6;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function nanosecondsBelow(id: string): number {
  const isMeasured = /--type=(gpu-process|renderer)/.test(readFileSync(`/proc/${id}/cmdline`, "utf8"));
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${id}/task`)) {
    const read = (name: string) => readFileSync(`/proc/${id}/task/${thread}/${name}`, "utf8");
    // The first field: nanoseconds on a processor. See Documentation/scheduler/sched-stats.
    if (isMeasured) nanoseconds += Number(read("schedstat").split(" ")[0]);
    for (const child of read("children").match(/\d+/g) ?? []) nanoseconds += nanosecondsBelow(child);
  }
  return nanoseconds;
}
