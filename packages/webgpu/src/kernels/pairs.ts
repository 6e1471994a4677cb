// Arithmetic on pairs of elements, in WGSL: memory is read and written by fours, but arithmetic on more than two at once
// takes more registers than a CPU has.

/** A function of two elements, and what it is made of. */
export interface PairFunction {
  readonly name: string;
  /** Component type of the result. */
  readonly result: "f32" | "u32";
  /** Parameters that all elements share, each as `name: type`. */
  readonly shared: readonly string[];
  /** Names of the parameters that each element has its own of: `vec2<u32>`, or `vec4<u32>`. */
  readonly each: readonly string[];
  /** The function's body. */
  readonly body: string;
}

/** `fn <name>_of_2(shared, each: vec2<u32>) -> vec2<result>`, and `<name>_of_4`, one pair after the other. */
export function pairWgsl({ name, result, shared, each, body }: PairFunction): string {
  const parameters = (width: number): string =>
    [...shared, ...each.map((one) => `${one}: vec${width}<u32>`)].join(", ");
  const given = (part: string): string =>
    [...shared.map((one) => one.split(":")[0]), ...each.map((one) => `${one}.${part}`)].join(", ");
  return /* wgsl */ `
fn ${name}_of_2(${parameters(2)}) -> vec2<${result}> {
  ${body}
}
fn ${name}_of_4(${parameters(4)}) -> vec4<${result}> {
  return vec4(${name}_of_2(${given("xy")}), ${name}_of_2(${given("zw")}));
}
`;
}
