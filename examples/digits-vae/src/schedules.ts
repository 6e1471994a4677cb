// How temperature and learning rate move from the first step of a run to the last.

/** A value that moves geometrically from `from` to `to` until `until`, a fraction of the run, and then stays. */
export interface Schedule {
  readonly from: number;
  readonly to: number;
  /** In (0, 1]. */
  readonly until: number;
}

/** The value of a schedule at `progress`, the fraction of the run that is done. */
export function valueAt({ from, to, until }: Schedule, progress: number): number {
  return from * (to / from) ** Math.min(1, progress / until);
}
