import { describe, expect, it } from "vitest";
import type { Ready } from "../src/contestant.ts";
import { measure } from "../src/measure/measure.ts";
import { spreadOf } from "../src/measure/spread.ts";

const OPTIONS = { rounds: 5, turn: 0.1, budget: 1e6, longest: 1e6 };

function ready(run: () => void): Ready {
  return {
    queue(times) {
      for (let i = 0; i < times; i++) run();
    },
    done: () => {},
    dispose: () => {},
  };
}

describe("spreadOf", () => {
  it("is in order, whatever the order of the rounds, and scales", () => {
    expect(spreadOf([3, 1, 2, 5, 4])).toEqual([2, 3, 4]);
    expect(spreadOf([1, 3], 10)).toEqual([15, 20, 25]);
    expect(spreadOf([7])).toEqual([7, 7, 7]);
  });

  it("refuses no rounds at all", () => {
    expect(() => spreadOf([])).toThrow(/values must not be empty/);
  });
});

describe("measure", () => {
  it("gives each contestant a turn in every round, never always after the same one", async () => {
    const order: string[] = [];
    const turns = ["a", "b", "c"].map((contestant) => ({
      contestant,
      ready: ready(() => {
        if (order.at(-1) !== contestant) order.push(contestant);
      }),
    }));
    const { figures } = await measure(turns, 1, [], OPTIONS);
    expect(figures.map(({ rounds }) => rounds)).toEqual([5, 5, 5]);
    // The rounds begin after the warm-up of c: abc bca cab abc bca, in which neighbours of one name merge.
    expect(order.slice(-13).join("")).toBe("abcbcacababcbca".slice(-13));
  });

  it("gives ratios to the first preferred contestant that is there", async () => {
    const turns = ["slow", "ours"].map((contestant) => ({
      contestant,
      ready: ready(() => {}),
    }));
    const { baseline, figures } = await measure(turns, 1, ["absent", "ours"], OPTIONS);
    expect(baseline).toBe("ours");
    expect(figures.find(({ contestant }) => contestant === "ours")?.ratio).toBe(1);
  });

  it("takes processor time from the clock that it is given, per element", async () => {
    let clock = 0;
    const turns = [
      {
        contestant: "a",
        ready: ready(() => {
          clock += 2;
        }),
      },
    ];
    const { figures } = await measure(turns, 1000, [], OPTIONS, () => clock);
    // Two milliseconds a run of a thousand elements.
    expect(figures[0].processor).toBe(2000);
  });

  it("says why a contestant has no figures, and measures the others", async () => {
    let calls = 0;
    const turns = [
      {
        contestant: "late",
        ready: ready(() => {
          if (++calls > 20) throw new Error("device lost");
        }),
      },
      {
        contestant: "never",
        ready: ready(() => {
          throw new Error("no such operator");
        }),
      },
      { contestant: "good", ready: ready(() => {}) },
    ];
    const { baseline, figures } = await measure(turns, 1, ["late"], OPTIONS);
    expect(baseline).toBe("good");
    const failed = Object.fromEntries(figures.map((each) => [each.contestant, each.failed]));
    expect(failed).toEqual({ good: undefined, late: "Error: device lost", never: "Error: no such operator" });
  });

  it("times a contestant whose runs are too long once, and gives ratios to others", async () => {
    let clock = 0;
    const turns = [
      {
        contestant: "slow",
        ready: { ...ready(() => {}), done: () => new Promise((end) => setTimeout(end, 30)) },
      },
      { contestant: "quick", ready: ready(() => void clock++) },
    ];
    const { baseline, figures } = await measure(turns, 1, ["slow"], { ...OPTIONS, longest: 20 });
    expect(baseline).toBe("quick");
    const slow = figures.find(({ contestant }) => contestant === "slow");
    expect(slow).toMatchObject({ rounds: 1 });
    expect(slow).not.toHaveProperty("ratio");
  });

  it("makes no further round once its time is over, but enough for quartiles", async () => {
    const turns = [{ contestant: "a", ready: ready(() => {}) }];
    const { figures } = await measure(turns, 1, [], { ...OPTIONS, rounds: 1000, budget: 0 });
    expect(figures[0].rounds).toBe(3);
  });
});
