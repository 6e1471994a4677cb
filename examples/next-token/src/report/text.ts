// Texts as HTML.

/** Text with its marks escaped; line ends show as ↵. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/\n+/g, " ↵ ");
}

/** A text with the tokens that differ from another's marked. */
export function markedTokens(
  ids: readonly number[],
  reference: readonly number[],
  decode: (ids: readonly number[]) => string,
): string {
  // Runs of equal kind, because a character may take several tokens.
  const runs: { ids: number[]; differs: boolean }[] = [];
  ids.forEach((id, i) => {
    const differs = id !== reference[i];
    const last = runs.at(-1);
    if (last?.differs === differs) last.ids.push(id);
    else runs.push({ ids: [id], differs });
  });
  return runs
    .map((run) => {
      const html = escapeHtml(decode(run.ids));
      return run.differs ? `<mark>${html}</mark>` : html;
    })
    .join("");
}
