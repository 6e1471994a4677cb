// What an operation is, as types: everything about it that is not arithmetic. The list of them is operations/index.ts.

/** Dimensions, from the slowest to the fastest. */
export type Shape = readonly number[];

/** Element type of a tensor, as the spec means it. A backend may hold uint32 words as int32. */
export type Dtype = "float32" | "int32" | "uint32";

/** Whether methods return their result, or a promise of it. */
export type Mode = "sync" | "async";

/** What a method returns: of an unknown mode, a result or a promise of it, which callers `await`. */
export type Answer<R, M extends Mode> = M extends "async" ? Promise<R> : R;

/** Values by name. */
export type Named<T, Name extends string = string> = Readonly<Record<Name, T>>;

/** Element type and shape of a tensor. */
export interface TensorSpec {
  /** Its element type. */
  readonly dtype: Dtype;
  /** Its shape. */
  readonly shape: Shape;
}

/** A tensor of an operation: its element type, and its shape once a call is resolved. */
export interface TensorOf<Call> {
  /** Its element type. */
  readonly dtype: Dtype;
  /** Its shape in a call. */
  shape(call: Call): Shape;
  /**
   * Checks its values, where they are on the CPU. Default: any values will do.
   * @throws RangeError for a value that may not be there
   */
  assertValues?(values: ArrayLike<number>, call: Call): void;
}

/** What a backend has beside kernels, of what an option may ask for. */
export interface Offer {
  readonly filters?: readonly string[];
  readonly perRow?: boolean;
  readonly estimators?: readonly string[];
}

/** The types of one operation, by name. */
export interface OperationTypes {
  name: string;
  parameters: object;
  inputs: string;
  outputs: string;
  options: object;
  call: object;
}

/**
 * An operation: how its arguments are named, checked and resolved, and what comes out. A method takes the inputs, the
 * parameters and the options, in this order. Entries are plain literals, so that bundlers can drop what is not used.
 */
export interface Operation<X extends OperationTypes = OperationTypes> {
  /** Name of the method. */
  readonly name: X["name"];
  /** Tensors that it reads. The first one's shape is given to `resolve`; those of the others follow from the call. */
  readonly inputs: Named<TensorOf<X["call"]>, X["inputs"]>;
  /** Arguments between the inputs and the options. */
  readonly parameters: readonly string[];
  /** Options. It draws bits where `key` is one, noise where `precision` is one. */
  readonly options: Readonly<Record<keyof X["options"], true>>;
  /** Tensors that it makes. A method returns a single one bare, several by name. */
  readonly outputs: Named<TensorOf<X["call"]>, X["outputs"]>;
  /** The first thing that options ask for and a backend does not offer, as its `UnsupportedError` names it. */
  lackOf?(offer: Offer, options: X["options"]): string | undefined;
  /** Checks the arguments and fills in the defaults. */
  resolve(given: X["parameters"] & { readonly shape: Shape }, options: X["options"]): X["call"];
}

/** Types of results where they are narrower than the type of the tensors that come in. */
export interface Results<T = unknown> {
  /** Float results. */
  readonly float: T;
  /** Category indices, int32. */
  readonly index: T;
  /** Random words, uint32. */
  readonly word: T;
}
