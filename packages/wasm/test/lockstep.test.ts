// Blocks labelled `lockstep` are written out for four vectors, statement by statement.
import { expect, it } from "vitest";
import { writeOutLockstep } from "../scripts/lockstep.mjs";

const square = `import { ONE } from "./numbers";
@inline
export function squared(x: v128): v128 {
  const shifted = f32x4.sub(x, v128.load(ONE));
  return f32x4.mul(shifted, shifted);
}
`;

function writtenOut(body: string): string[] {
  const main = `export function all(at: usize): void {\n  lockstep: {\n${body}\n  }\n}\n`;
  const numbers = "export const ONE: usize = 16;\n";
  return writeOutLockstep({ main, square, numbers }).main.split("\n");
}

it("does each statement for all four before the next, and reads a constant once", () => {
  expect(
    writtenOut("    const x = v128.load(at, LANE);\n    const y = squared(x);\n    v128.store(at, y, LANE);"),
  ).toEqual([
    'import { ONE } from "./numbers";',
    "export function all(at: usize): void {",
    ...[0, 1, 2, 3].map((i) => `  const x_${i} = v128.load(at, ${16 * i});`),
    ...[0, 1, 2, 3].map((i) => `  const y_squared_x_${i} = x_${i};`),
    "  const constant_0 = v128.load(ONE);",
    ...[0, 1, 2, 3].map((i) => `  const y_squared_shifted_${i} = f32x4.sub(y_squared_x_${i}, constant_0);`),
    ...[0, 1, 2, 3].map((i) => `  const y_${i} = f32x4.mul(y_squared_shifted_${i}, y_squared_shifted_${i});`),
    ...[0, 1, 2, 3].map((i) => `  v128.store(at, y_${i}, ${16 * i});`),
    "}",
    "",
  ]);
});

it("refuses a call that it would leave to one vector after another", () => {
  expect(() => writtenOut("    v128.store(at, squared(v128.load(at, LANE)), LANE);")).toThrow(
    /must call squared in a declaration of its own/,
  );
});

it("leaves everything else as it is", () => {
  expect(writeOutLockstep({ square })).toEqual({ square });
});
