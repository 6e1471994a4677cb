// Text for a terminal and for a shell: names of files and values are foreign text.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text without control characters, which are shown as escapes. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A word of a shell's command line that stands for the text, whatever it holds. */
export function quoted(text: string): string {
  // A leading = is a command's path to zsh.
  if (/^[\w./:@%+,][\w./:@%+=,-]*$/.test(text)) return text;
  if (text.search(CONTROL) === -1) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replace(/[\\']/g, "\\$&");
  return `$'${printable(escaped)}'`;
}
