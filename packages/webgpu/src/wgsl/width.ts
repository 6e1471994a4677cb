// Functions come in several widths from one text: for one value, and for a pair at once, whose instructions do not wait for
// one another. More than two at once take more registers than a CPU has.

/** Types and the name's ending of a width. */
export interface Width {
  readonly suffix: string;
  readonly f32: string;
  readonly u32: string;
  readonly i32: string;
}

/** One value. */
export const ONE: Width = { suffix: "", f32: "f32", u32: "u32", i32: "i32" };

/** Two values; names end in `_of_2`. */
export const TWO: Width = { suffix: "_of_2", f32: "vec2<f32>", u32: "vec2<u32>", i32: "vec2<i32>" };
