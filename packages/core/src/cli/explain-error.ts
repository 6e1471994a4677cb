// What the command says of an error that ended it.

/** The text for people: a stack only where the error is not theirs to mend. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // By its name: its file imports the suite, which may be what could not be loaded.
  if (error.name === "UsageError") return error.message;
  if (
    (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes("'fast-check'")
  ) {
    return "the suite needs fast-check, which is not installed: npm install --save-dev fast-check";
  }
  return error.stack ?? error.message;
}
