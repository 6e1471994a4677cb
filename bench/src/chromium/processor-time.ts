// Processor time of a browser's page and GPU processes, from Linux's /proc: hardly touched by what else the machine does.
import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of all page and GPU processes below a process, of all their threads that live. */
export function processorMilliseconds(ancestor: number): number {
  let nanoseconds = 0;
  for (const id of processesBelow(ancestor)) {
    const command = read(`/proc/${id}/cmdline`);
    if (!command.includes("--type=gpu-process") && !command.includes("--type=renderer")) continue;
    for (const thread of list(`/proc/${id}/task`)) {
      // The first field: nanoseconds on a processor. See Documentation/scheduler/sched-stats.
      nanoseconds += Number(read(`/proc/${id}/task/${thread}/schedstat`).split(" ")[0]);
    }
  }
  return nanoseconds / 1e6;
}

function processesBelow(ancestor: number): number[] {
  const parents = new Map<number, number>();
  for (const name of list("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const status = read(`/proc/${name}/stat`);
    // The command, in parentheses, may hold anything.
    parents.set(Number(name), Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (id: number | undefined): boolean =>
    id !== undefined && id > 1 && (parents.get(id) === ancestor || isBelow(parents.get(id)));
  return [...parents.keys()].filter(isBelow);
}

/** Processes and threads may end while they are looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
