// Functions come in two widths from one text: for one value, and for four at once, whose instructions do not wait for one
// another. A function's name for four ends in `_of_4`.

/** Types and the name's ending of a width. */
export interface Width {
  readonly suffix: string;
  readonly f32: string;
  readonly u32: string;
  readonly i32: string;
}

/** One value. */
export const ONE: Width = { suffix: "", f32: "f32", u32: "u32", i32: "i32" };

/** Four values. */
export const FOUR: Width = { suffix: "_of_4", f32: "vec4<f32>", u32: "vec4<u32>", i32: "vec4<i32>" };
