import { describe, expect, it } from "vitest";
import type { Ready } from "../src/contestant.ts";
import { measure, spreadOf, type Turn } from "../src/measure/measure.ts";

const OPTIONS = { rounds: 5, turn: 0.1, budget: 1e6, longest: 1e6 };

function turn(contestant: string, run: () => void = () => {}, done: Ready["done"] = () => {}): Turn {
  const queue = (times: number) => {
    for (let i = 0; i < times; i++) run();
  };
  return { contestant, ready: { queue, done, dispose: () => {} } };
}

it("spreadOf gives quartiles in order, whatever the order of the rounds, and scales", () => {
  expect(spreadOf([3, 1, 2, 5, 4])).toEqual([2, 3, 4]);
  expect(spreadOf([1, 3], 10)).toEqual([15, 20, 25]);
  expect(() => spreadOf([])).toThrow(/values must not be empty/);
});

describe("measure", () => {
  it("gives each contestant a turn in every round, never always after the same one", async () => {
    const order: string[] = [];
    const note = (name: string) => () => {
      if (order.at(-1) !== name) order.push(name);
    };
    const turns = ["a", "b", "c"].map((name) => turn(name, note(name)));
    const { figures } = await measure(turns, 1, [], OPTIONS);
    expect(figures.map(({ rounds }) => rounds)).toEqual([5, 5, 5]);
    // The rounds begin after the warm-up of c: abc bca cab abc bca, in which neighbours of one name merge.
    expect(order.slice(-13).join("")).toBe("abcbcacababcbca".slice(-13));
  });

  it("gives ratios to the first preferred contestant that is there", async () => {
    const turns = [turn("slow"), turn("ours")];
    const { baseline, figures, ratios } = await measure(turns, 1, ["absent", "ours"], OPTIONS);
    expect(baseline).toBe("ours");
    expect(figures[1].ratio).toBe(1);
    expect(ratios.ours.map(({ wall }) => wall)).toEqual([1, 1, 1, 1, 1]);
  });

  it("takes processor time from its clock, per element", async () => {
    let clock = 0;
    const spend = (milliseconds: number) => () => {
      clock += milliseconds;
    };
    const turns = [turn("a", spend(2)), turn("b", spend(4))];
    const { figures, ratios } = await measure(turns, 1000, [], OPTIONS, () => clock);
    // Two milliseconds a run of a thousand elements.
    expect(figures[0].processor).toBe(2000);
    expect(ratios.b.map(({ processor }) => processor)).toEqual([2, 2, 2, 2, 2]);
  });

  it("reports why a contestant has no figures, and measures the others", async () => {
    let calls = 0;
    const fail = (after: number, why: string) => () => {
      if (++calls > after) throw new Error(why);
    };
    const turns = [
      turn("late", fail(20, "device lost")),
      turn("never", fail(0, "no such operator")),
      turn("good"),
    ];
    const { baseline, figures } = await measure(turns, 1, ["late"], OPTIONS);
    expect(baseline).toBe("good");
    const failed = Object.fromEntries(figures.map((each) => [each.contestant, each.failed]));
    expect(failed).toEqual({ good: undefined, late: "Error: device lost", never: "Error: no such operator" });
  });

  it("times a contestant whose runs are too long once, without a ratio", async () => {
    const wait = () => new Promise((end) => setTimeout(end, 30));
    const turns = [turn("slow", () => {}, wait), turn("quick")];
    const { baseline, figures } = await measure(turns, 1, ["slow"], { ...OPTIONS, longest: 20 });
    expect(baseline).toBe("quick");
    expect(figures[0]).toMatchObject({ contestant: "slow", rounds: 1 });
    expect(figures[0]).not.toHaveProperty("ratio");
  });

  it("starts no round once its time is over, but runs enough for quartiles", async () => {
    const { figures } = await measure([turn("a")], 1, [], { ...OPTIONS, rounds: 1000, budget: 0 });
    expect(figures[0].rounds).toBe(3);
  });
});
